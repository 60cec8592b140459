-- Copyright The Howdah Authors
-- SPDX-License-Identifier: Apache-2.0

-- One script for all kinds of howdah.dev. It reads what kstatus reads: observedGeneration, Reconciling, Stalled, Ready; and
-- Accepted for the kinds that have no Ready. docs/gitops.md says what becomes of which state.

local function answer(status, message)
  return { status = status, message = message }
end

local function conditions()
  local found = {}
  if obj.status ~= nil and obj.status.conditions ~= nil then
    for _, condition in ipairs(obj.status.conditions) do
      found[condition.type] = condition
    end
  end
  return found
end

local said = conditions()

local function is(type, status)
  return said[type] ~= nil and said[type].status == status
end

if obj.metadata.deletionTimestamp ~= nil then
  if is("Stalled", "True") then
    return answer("Progressing", "Being deleted: " .. said.Stalled.message)
  end
  return answer("Progressing", "Being deleted")
end

local paused = obj.metadata.annotations ~= nil and obj.metadata.annotations["howdah.dev/paused"] == "true"
if paused and (obj.kind == "DatabaseClaim" or obj.kind == "PostgresServer") then
  return answer("Suspended", "Paused by the annotation howdah.dev/paused")
end

local main = said.Ready or said.Accepted
local seen = obj.status ~= nil and obj.status.observedGeneration or nil
if main == nil or seen == nil or seen ~= obj.metadata.generation then
  return answer("Progressing", "Waiting for the operator")
end
if is("Reconciling", "True") then
  return answer("Progressing", said.Reconciling.message)
end
if is("Stalled", "True") then
  return answer("Degraded", said.Stalled.message)
end
-- A waiver that came to its end, as was said from the start, is no fault: it must not hold up what is applied with it.
if main.status == "True" or main.reason == "WaiverExpired" then
  if is("Programmed", "False") then
    return answer("Healthy", said.Programmed.message)
  end
  return answer("Healthy", main.message)
end
return answer("Progressing", main.message)
