// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClusterManager.Tests.Support;
using Xunit.Sdk;

namespace ClusterManager.Lab.Tests.Harness;

/// <summary>How things were before a fault: the desired state of a service, and our processes. Makes the fault's row afterwards.</summary>
public sealed class FaultScene
{
    private static readonly string[] Roles = ["supervisor", "consul", "manager", "agent"];
    private readonly Lab _lab;
    private readonly string _service;
    private readonly string _state;
    private readonly SortedDictionary<string, string> _processes;

    private readonly bool _withPlaces;

    private FaultScene(Lab lab, string service, bool withPlaces, string state)
    {
        _withPlaces = withPlaces;
        _lab = lab;
        _service = service;
        _state = state;
        _processes = Processes(lab);
    }

    /// <summary>Looks at the service and at the processes.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="service">Which, with its stack unless that is the default one.</param>
    /// <param name="withPlaces">False when the fault may move replicas.</param>
    public static async Task<FaultScene> OfAsync(Lab lab, string service, bool withPlaces = true) =>
        new(lab, service, withPlaces, await StateAsync(lab, service, withPlaces));

    /// <summary>Keeps the row; fails the test when the desired state is another now, or one of our processes has not come back.</summary>
    /// <param name="fault">What was done.</param>
    /// <param name="reason">The reason code that was told, and where.</param>
    /// <param name="test">The test; given by the compiler.</param>
    /// <param name="file">Its file; given by the compiler.</param>
    public async Task RecordAsync(string fault, string reason, [CallerMemberName] string test = "", [CallerFilePath] string file = "") =>
        FaultTable.Record(fault, reason, _state, await StateAsync(_lab, _service, _withPlaces), Alive(), test, file);

    /// <summary>What is wanted of a service and where: replicas, revision, image, each placed replica and its node.</summary>
    private static async Task<string> StateAsync(Lab lab, string service, bool withPlaces)
    {
        var services = (await lab.ClusterAsync("service ls -o json")).Expect(0).Json().EnumerateArray();
        var head = services.Single(row => row.GetProperty("name").GetString() == service);
        if (!withPlaces) return Text(head, "name", "desired", "revision", "image");
        var rows = (await lab.ClusterAsync($"service ps {service} -o json")).Expect(0).Json().EnumerateArray()
            .Where(row => !row.GetProperty("ended").GetBoolean() && row.GetProperty("desired").GetString() == "run")
            .Select(row => Text(row, "id", "desired", "revision", "node")).Order(StringComparer.Ordinal);
        return string.Join('\n', rows.Prepend(Text(head, "name", "desired", "revision", "image")));
    }

    private static string Text(JsonElement row, params string[] names) =>
        string.Join(' ', names.Select(name => $"{row.GetProperty(name)}"));

    private string Alive()
    {
        var now = Processes(_lab);
        var missing = _processes.Keys.Except(now.Keys).ToList();
        if (missing.Count > 0) throw new XunitException($"these have not come back: {string.Join(", ", missing)}");
        var again = _processes.Where(pair => now[pair.Key] != pair.Value).Select(pair => pair.Key).ToList();
        return again.Count == 0 ? $"all {now.Count} run on" : $"all {now.Count} run; started again: {string.Join(", ", again)}";
    }

    private static SortedDictionary<string, string> Processes(Lab lab)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var host in lab.Hosts)
            foreach (var role in Roles)
            {
                var file = Path.Combine(lab.DataOf(host), "run", $"{role}.pid");
                if (!File.Exists(file)) continue;
                var pid = File.ReadAllText(file).Trim();
                if (Directory.Exists($"/proc/{pid}")) found[$"{role} of {host}"] = pid;
            }
        return found;
    }
}
