// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary><c>cluster doctor</c> and <c>/metrics</c> on real hosts: quiet while all is well, and they find what was planted.</summary>
[Collection(OneManager.Name)]
public sealed class DoctorTests(OneManagerFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task A_clean_cluster_has_no_alarm_and_every_node_was_looked_at()
    {
        var answer = (await Lab.ClusterAsync(Doctor)).Expect(0);
        var findings = Read(answer);
        Assert.DoesNotContain(findings, one => one.Severity == "alarm");
        string[] checks = ["clock", "engine", "consul", "consul-gossip", "consul-acl", "dns-consul", "dns-containers", "disk-docker"];
        foreach (var host in Lab.Hosts)
            foreach (var check in checks)
                Assert.Contains(findings, one => (one.Node, one.Check, one.Severity) == (host, check, "ok"));
        Assert.Contains(findings, one => one is { Check: "consul-quorum", Severity: "ok" });
        Assert.Contains(findings, one => one is { Check: "certificate-consul", Node: "h1", Severity: "ok" });
        Assert.Contains(findings, one => one is { Check: "process-consul", Severity: "ok" });
    }

    [Fact]
    public async Task Planted_faults_are_found_where_they_are()
    {
        var certificate = Path.Combine(Lab.DataOf("h1"), "consul", "server.pem");
        var settings = Path.Combine(Lab.DataOf("h3"), "consul", "config.json");
        var (goodCertificate, goodSettings) = (await File.ReadAllTextAsync(certificate), await File.ReadAllTextAsync(settings));
        var disk = (await Lab.DockerAsync("h2", "info", "-f", "{{.DockerRootDir}}")).Expect(0).Lines[0];
        try
        {
            await Lab.TellAsync("stop", "h2", "consul");
            await File.WriteAllTextAsync(settings, goodSettings.Replace("\"500ms\"", "\"900ms\"", StringComparison.Ordinal));
            await Lab.TellAsync("stop", "h3", "consul");
            await Lab.TellAsync("start", "h3", "consul");
            await PlantCertificateAsync(certificate);
            await NftAsync("h3", $"tcp dport 8301 ip daddr {Lab.AddressOf("h1")} reject with tcp reset");
            await NftAsync("h2", "udp dport 53 drop");
            // Over Docker's data, for these seconds: what the engine has open stays open.
            (await Lab.RunAsync("h2", "mount", "-t", "tmpfs", "-o", "size=8m", "planted", disk)).Expect(0);
            // Consul's API on h3 opens some seconds after its start.
            var found = await Eventually.HoldsAsync(
                "Consul of h3 answers", 20, DoctorAsync, list => list.Any(one => one is { Node: "h3", Check: "consul-gossip" }));
            string[] expected =
            [
                "h1 certificate-consul", "h2 consul", "h2 disk-docker", "h2 dns-consul", "h2 dns-containers", "h3 consul-gossip",
                "h3 ports",
            ];
            var alarms = found.Where(one => one.Severity == "alarm").Select(one => $"{one.Node} {one.Check}").ToHashSet();
            Assert.Superset(expected.ToHashSet(), alarms);
            Assert.All(found.Where(one => one.Severity != "ok"), one => Assert.NotEmpty(one.Remedy ?? ""));
        }
        finally
        {
            await Lab.RunAsync("h2", "umount", disk);
            await File.WriteAllTextAsync(certificate, goodCertificate);
            File.Delete(certificate + ".key");
            await File.WriteAllTextAsync(settings, goodSettings);
            foreach (var host in new[] { "h2", "h3" }) await Lab.RunAsync(host, "nft", "delete", "table", "ip", "planted");
            await Lab.TellAsync("stop", "h3", "consul");
            foreach (var host in new[] { "h2", "h3" }) await Lab.TellAsync("start", host, "consul");
        }
    }

    [Fact]
    public async Task The_leader_shows_every_agents_metrics_and_a_services_replicas()
    {
        await RunServiceAsync("counted", 2);
        var data = Path.Combine(Lab.DataOf("h1"), "manager");
        string[] curl =
        [
            "curl", "-fsSk", "--cert", Path.Combine(data, "manager.pem"), "--key", Path.Combine(data, "manager.pem"),
            $"https://{Lab.AddressOf("h1")}:7443/metrics",
        ];
        var lines = await Eventually.HoldsAsync(
            "the agents have reported", 20, async () => (await Lab.RunAsync("h1", curl)).Expect(0).Lines, text =>
                text.Contains("cluster_service_replicas_running{stack=\"default\",service=\"counted\"} 2")
                && Lab.Hosts.All(host => text.Contains($"cluster_agent_engine_up{{node=\"{host}\"}} 1")));
        Assert.Contains("cluster_leader 1", lines);
        Assert.Contains("cluster_nodes{state=\"ready\"} 3", lines);
        Assert.Contains(lines, line => line.StartsWith("cluster_allocation_running_delay_seconds_count ", StringComparison.Ordinal));
        Assert.All(Lab.Hosts, host => Assert.Contains(
            lines, line => line.StartsWith($"cluster_agent_disk_free_bytes{{node=\"{host}\",disk=\"docker\"}}", StringComparison.Ordinal)));
    }

    private string Doctor => $"doctor --data-dir {Lab.DataOf("h1")} -o json";

    private async Task<IReadOnlyList<Row>> DoctorAsync() => Read(await Lab.ClusterAsync(Doctor));

    private static List<Row> Read(CommandResult answer) =>
    [
        .. answer.Json().EnumerateArray().Select(one => new Row(
            Text(one, "severity")!, Text(one, "check")!, Text(one, "node"), Text(one, "remedy"))),
    ];

    private static string? Text(JsonElement one, string key) => one.GetProperty(key).GetString();

    private async Task NftAsync(string host, string rule)
    {
        (await Lab.RunAsync(host, "nft", "add", "table", "ip", "planted")).Expect(0);
        (await Lab.RunAsync(host, "nft", "add chain ip planted output { type filter hook output priority -300; }")).Expect(0);
        (await Lab.RunAsync(host, "nft", $"add rule ip planted output {rule}")).Expect(0);
    }

    // Of one day, in place of one of ninety: the file is read by the doctor, and by Consul only when it starts.
    private async Task PlantCertificateAsync(string path) => (await Lab.RunAsync(
        "h1", "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=planted", "-keyout", path + ".key",
        "-out", path)).Expect(0);

    private sealed record Row(string Severity, string Check, string? Node, string? Remedy);
}
