import { FieldReader, unpadded } from "./field-reader.ts";
import { readItems, sized, uint16, uint32, writeItem, writeTextItem } from "./item.ts";
import { emptyUserInformation, type UserInformation } from "./pdu.ts";

/** The user information while it is read. */
type Reading = {
  -readonly [Key in keyof UserInformation]: UserInformation[Key] extends readonly (infer Item)[]
    ? Item[]
    : UserInformation[Key];
};

/** One kind of sub-item of the user information (PS3.7 Annex D): how it is read into `user`, and written. */
interface SubItem {
  readonly name: string;
  read(field: FieldReader, user: Reading): void;
  /** As many items as there are values. */
  write(user: UserInformation): readonly Buffer[];
}

/** By item type. */
const subItems: Readonly<Record<number, SubItem>> = {
  0x51: {
    name: "Maximum length",
    read(field, user) {
      user.maximumLength = field.uint32();
    },
    write: (user) => [writeItem(0x51, uint32(user.maximumLength))],
  },
  0x52: {
    name: "Implementation class UID",
    read(field, user) {
      user.implementationClassUid = unpadded(field.bytes(field.left));
    },
    write: (user) => [writeTextItem(0x52, user.implementationClassUid)],
  },
  0x53: {
    name: "Asynchronous operations window",
    read(field, user) {
      user.asynchronousWindow = { invoked: field.uint16(), performed: field.uint16() };
    },
    write: ({ asynchronousWindow: window }) =>
      window === undefined ? [] : [writeItem(0x53, uint16(window.invoked), uint16(window.performed))],
  },
  0x54: {
    name: "SCP/SCU role selection",
    read(field, user) {
      user.roles.push({ sopClassUid: field.uid(), scu: field.uint8() === 1, scp: field.uint8() === 1 });
    },
    write: (user) =>
      user.roles.map(({ sopClassUid, scu, scp }) =>
        writeItem(0x54, sized(sopClassUid), Buffer.of(Number(scu), Number(scp))),
      ),
  },
  0x55: {
    name: "Implementation version name",
    read(field, user) {
      user.implementationVersionName = unpadded(field.bytes(field.left));
    },
    write: (user) => [writeTextItem(0x55, user.implementationVersionName)],
  },
  0x56: {
    name: "SOP class extended negotiation",
    read(field, user) {
      user.extendedNegotiation.push({ sopClassUid: field.uid(), information: field.bytes(field.left) });
    },
    write: (user) =>
      user.extendedNegotiation.map(({ sopClassUid, information }) => writeItem(0x56, sized(sopClassUid), information)),
  },
  0x57: {
    name: "SOP class common extended negotiation",
    read(field, user) {
      const sopClassUid = field.uid();
      const serviceClassUid = field.uid();
      const related = new FieldReader(field.sized(), "Related general SOP classes");
      const relatedGeneralSopClassUids: string[] = [];
      while (related.left > 0) relatedGeneralSopClassUids.push(related.uid());
      user.commonExtendedNegotiation.push({ sopClassUid, serviceClassUid, relatedGeneralSopClassUids });
    },
    write: (user) =>
      user.commonExtendedNegotiation.map((item) =>
        writeItem(
          0x57,
          sized(item.sopClassUid),
          sized(item.serviceClassUid),
          sized(Buffer.concat(item.relatedGeneralSopClassUids.map((uid) => sized(uid)))),
        ),
      ),
  },
  0x58: {
    name: "User identity",
    read(field, user) {
      const type = field.uint8();
      const positiveResponseRequested = field.uint8() === 1;
      const primaryField = field.sized();
      user.userIdentity = { type, positiveResponseRequested, primaryField, secondaryField: field.sized() };
    },
    write: ({ userIdentity: item }) =>
      item === undefined
        ? []
        : [
            writeItem(
              0x58,
              Buffer.of(item.type, Number(item.positiveResponseRequested)),
              sized(item.primaryField),
              sized(item.secondaryField),
            ),
          ],
  },
  0x59: {
    name: "User identity response",
    read(field, user) {
      user.userIdentityResponse = field.sized();
    },
    write: ({ userIdentityResponse: response }) => (response === undefined ? [] : [writeItem(0x59, sized(response))]),
  },
};

/** Reads the sub-items of a user information item; unknown ones are skipped (PS3.8 §9.3.1). Throws `ProtocolError`. */
export function readUserInformation(bytes: Buffer): UserInformation {
  const user: Reading = {
    ...emptyUserInformation,
    roles: [],
    extendedNegotiation: [],
    commonExtendedNegotiation: [],
  };
  for (const item of readItems(new FieldReader(bytes, "User information"))) {
    const row = subItems[item.type];
    row?.read(new FieldReader(item.bytes, row.name), user);
  }
  return user;
}

/** The user information item (PS3.8 §9.3.2.3), sub-items in ascending order. */
export function writeUserInformation(user: UserInformation): Buffer {
  return writeItem(0x50, ...Object.values(subItems).flatMap((row) => row.write(user)));
}
