/** `YYYYMMDDTHHMMSS` in UTC: how Orthanc writes dates. */
export function utcDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replaceAll(/[-:]|\.\d+Z$/g, "");
}
