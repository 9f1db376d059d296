/**
 * What scripts have besides, in Lua. What is sent and deleted is noted and done when the callback has ended, in the order in which it was
 * asked for; what is modified is modified at once, since the script gets the id.
 */
export const toolbox = `
local function checked(resource, act)
  if type(resource) ~= 'string' or resource == '' then
    error('There is no resource to ' .. act, 3)
  end
end

function SendToModality(resource, modality, localAet)
  checked(resource, 'send')
  _Operation({ kind = 'store-scu', resource = resource, modality = modality, localAet = localAet })
  return resource
end

function SendToPeer(resource, peer)
  checked(resource, 'send')
  _Operation({ kind = 'store-peer', resource = resource, peer = peer })
  return resource
end

function Delete(resource)
  checked(resource, 'delete')
  _Operation({ kind = 'delete', resource = resource })
end

function CallSystem(resource, command, arguments)
  checked(resource, 'hand to a command')
  _Operation({ kind = 'call-system', resource = resource, command = command, arguments = arguments or {} })
  return resource
end

local function modification(replacements, removals, removePrivateTags)
  local request = { Force = true, RemovePrivateTags = removePrivateTags == true }
  if replacements and next(replacements) then request['Replace'] = replacements end
  if removals and next(removals) then request['Remove'] = removals end
  return DumpJson(request, true)
end

function ModifyInstance(instance, replacements, removals, removePrivateTags)
  checked(instance, 'modify')
  local request = modification(replacements, removals, removePrivateTags)
  local file = RestApiPost('/instances/' .. instance .. '/modify', request)
  local stored = file and ParseJson(RestApiPost('/instances', file) or 'null')
  return stored and stored['ID']
end

local pathOf = { Patient = '/patients/', Study = '/studies/', Series = '/series/' }

function ModifyResource(resource, replacements, removals, removePrivateTags)
  checked(resource, 'modify')
  local wanted = DumpJson({ Resources = { resource } }, true)
  local found = ParseJson(RestApiPost('/tools/bulk-content', wanted) or '[]')[1]
  if found == nil then return nil end
  local path = pathOf[found['Type']]
  if path == nil then return ModifyInstance(resource, replacements, removals, removePrivateTags) end
  local request = modification(replacements, removals, removePrivateTags)
  local modified = ParseJson(RestApiPost(path .. resource .. '/modify', request) or 'null')
  return modified and modified['ID']
end

function PrintRecursive(value, place)
  local before = place and place .. ', ' or ''
  if type(value) ~= 'table' then
    print(before .. type(value) .. ', ' .. tostring(value))
    return
  end
  print(before .. 'table')
  for key, item in pairs(value) do
    PrintRecursive(item, (place or '') .. '\\t[' .. tostring(key) .. ']')
  end
end
`;
