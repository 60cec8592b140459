-- Copyright The Howdah Authors
-- SPDX-License-Identifier: Apache-2.0

-- An app of apps waits for the apps of a wave only where their health counts, which by default it does not.
if obj.status ~= nil and obj.status.health ~= nil and obj.status.health.status ~= nil then
  return { status = obj.status.health.status, message = obj.status.health.message }
end
return { status = "Progressing", message = "Waiting for Argo CD" }
