/** What Lua 5.3, which scripts of Orthanc are written for, has and Lua 5.4 has not. */
export const prelude = `
function math.pow(base, exponent) return base ^ exponent end
function math.log10(number) return math.log(number, 10) end
function math.ldexp(number, exponent) return number * 2.0 ^ exponent end
function math.cosh(x) return (math.exp(x) + math.exp(-x)) / 2 end
function math.sinh(x) return (math.exp(x) - math.exp(-x)) / 2 end
function math.tanh(x) return 1 - 2 / (math.exp(2 * x) + 1) end

bit32 = {}
local word = 0xffffffff
local function folded(operation, start)
  return function(...)
    local result = start
    for _, value in ipairs({ ... }) do result = operation(result, math.tointeger(value) & word) end
    return result
  end
end
bit32.band = folded(function(a, b) return a & b end, word)
bit32.bor = folded(function(a, b) return a | b end, 0)
bit32.bxor = folded(function(a, b) return a ~ b end, 0)
function bit32.bnot(value) return ~math.tointeger(value) & word end
function bit32.btest(...) return bit32.band(...) ~= 0 end
function bit32.lshift(value, count) return ((math.tointeger(value) & word) << count) & word end
function bit32.rshift(value, count) return ((math.tointeger(value) & word) >> count) & word end
function bit32.extract(value, field, width)
  return ((math.tointeger(value) & word) >> field) & ((1 << (width or 1)) - 1)
end
`;
