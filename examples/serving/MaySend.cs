// dotnet run MaySend.cs http://127.0.0.1:8000 990001 DIS91
using System.Net.Http.Headers;
using System.Text.Json;

using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("SOR_TOKEN"));
var answer = await http.GetAsync($"/validate/{Uri.EscapeDataString(args[1])}/{Uri.EscapeDataString(args[2])}");
using var verdict = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
if (!answer.IsSuccessStatusCode) throw new Exception(verdict.RootElement.GetProperty("detail").GetString());
Console.WriteLine(verdict.RootElement.GetProperty("deliverable").GetBoolean() ? "send" : "stop");
