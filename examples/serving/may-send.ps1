# pwsh may-send.ps1 http://127.0.0.1:8000 990001 DIS91
param([string]$Service, [string]$Id, [string]$Type)
$ErrorActionPreference = 'Stop'
$path = [uri]::EscapeDataString($Id) + '/' + [uri]::EscapeDataString($Type)
$verdict = Invoke-RestMethod "$Service/validate/$path" -Headers @{ Authorization = "Bearer $env:SOR_TOKEN" }
if ($verdict.deliverable) { "send $($verdict.send_as.text) to $($verdict.resolution.recipient.location_number)" }
else { $verdict.findings | Where-Object severity -eq 'error' | ForEach-Object { "stop: $($_.text.da)" } }
