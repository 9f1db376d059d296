/** `io`, `os`, `dofile`, `loadfile` and `require` on the files of the machine (Lua 5.4 manual §6.3, §6.8, §6.9). */
export const files = `
local file = {}
file.__index = file
file.__name = 'FILE*'

local function readLine(self, keepsEnd)
  local parts = {}
  while true do
    local chunk = _FileRead(self.descriptor, 1024)
    if chunk == nil or chunk == '' then break end
    local stop = chunk:find('\\n', 1, true)
    if stop then
      _FileSeek(self.descriptor, 'cur', stop - #chunk)
      parts[#parts + 1] = chunk:sub(1, keepsEnd and stop or stop - 1)
      return table.concat(parts)
    end
    parts[#parts + 1] = chunk
  end
  if #parts == 0 then return nil end
  return table.concat(parts)
end

-- What follows the number stays for the next read.
local function readNumber(self)
  local chunk = _FileRead(self.descriptor, 200) or ''
  local before = chunk:match('^%s*')
  local rest = chunk:sub(#before + 1)
  local numeral = rest:match('^[+-]?0[xX][%x.]+') or rest:match('^[+-]?[%d.]+[eE][+-]?%d+') or rest:match('^[+-]?[%d.]+') or ''
  _FileSeek(self.descriptor, 'cur', #before + #numeral - #chunk)
  return tonumber(numeral)
end

local function readOne(self, format)
  if type(format) == 'number' then
    local bytes, reason = _FileRead(self.descriptor, format)
    if bytes == '' and format > 0 then return nil end
    return bytes, reason
  end
  local kind = format:gsub('^%*', ''):sub(1, 1)
  if kind == 'a' then return _FileRead(self.descriptor) end
  if kind == 'n' then return readNumber(self) end
  return readLine(self, kind == 'L')
end

function file:read(...)
  local formats = { ... }
  if #formats == 0 then formats = { 'l' } end
  local results = {}
  for at, format in ipairs(formats) do results[at] = readOne(self, format) end
  return table.unpack(results, 1, #formats)
end

function file:write(...)
  for _, text in ipairs({ ... }) do
    local isWritten, reason = _FileWrite(self.descriptor, text)
    if not isWritten then return nil, reason end
  end
  return self
end

function file:lines(format)
  return function() return self:read(format or 'l') end
end

function file:seek(whence, offset)
  return _FileSeek(self.descriptor, whence or 'cur', offset or 0)
end

function file:flush() return self end
function file:setvbuf() return true end
function file:close() return _FileClose(self.descriptor) end

function io.open(path, mode)
  local descriptor, reason, code = _FileOpen(path, mode or 'r')
  if descriptor == nil then return nil, reason, code end
  return setmetatable({ descriptor = descriptor }, file)
end

io.stdout = setmetatable({ descriptor = 1 }, file)
io.stderr = setmetatable({ descriptor = 2 }, file)
function io.write(...) return io.stdout:write(...) end

function io.close(opened) return opened:close() end

function io.lines(path, format)
  return assert(io.open(path)):lines(format)
end

function io.popen(command)
  local output, reason, status = _Command(command)
  if output == nil then return nil, reason end
  local path = _FileTemporary()
  local opened = assert(io.open(path, 'w+'))
  os.remove(path)
  opened:write(output)
  opened:seek('set', 0)
  return opened
end

function os.execute(command)
  if command == nil then return true end
  local output, how, status = _Command(command)
  if output == nil then return nil, 'exit', 1 end
  return (how == 'exit' and status == 0) or nil, how == 'exit' and 'exit' or 'signal', status
end

os.remove = _FileRemove
os.rename = _FileRename
os.tmpname = _FileTemporary
os.getenv = _Environment
function os.exit() error('os.exit would end the interpreter; POST /tools/shutdown stops the server', 2) end

function loadfile(path, mode, environment)
  local source, reason = _FileText(path)
  if source == nil then return nil, reason end
  return load(source, '@' .. path, mode or 't', environment or _G)
end

function dofile(path)
  return assert(loadfile(path))()
end

package.searchers = { package.searchers[1], function(name)
  for template in package.path:gmatch('[^;]+') do
    local path = template:gsub('%?', (name:gsub('%.', '/')))
    local source = _FileText(path)
    if source then return assert(load(source, '@' .. path)), path end
  end
  return 'no file of this module in package.path'
end }
`;
