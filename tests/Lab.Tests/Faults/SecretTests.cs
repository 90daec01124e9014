// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Faults;

/// <summary>
/// Planted secrets are searched for wherever they must not be: logs, Consul's store, the programs' files, and what the CLI prints.
/// </summary>
/// <remarks>
/// A service's environment is part of its spec: it must be in the state and with the agent that runs it, and <c>inspect</c> tells it to an
/// operator. It must not be in any log. A token's secret and the cluster's keys must be nowhere outside of their own files (0600).
/// </remarks>
[Collection(Faulty.Name)]
public sealed class SecretTests(FaultyFixture fixture) : LabTest(fixture)
{
    private const string Canary = "canary-7f3a91c0de";

    [Fact]
    public async Task A_services_environment_is_in_no_log()
    {
        await RunServiceAsync("secretive", 3, $"-p 8080 -e PASSWORD={Canary}");
        await Lab.KillProgramAsync("h2", "agent");
        (await Lab.ClusterAsync($"service update secretive --timeout 8s --image {Image("exit1")}")).Expect(4);
        (await Lab.ClusterAsync("service ls -o json")).Expect(0);
        Assert.Empty(FilesWith(Canary, host => [Path.Combine(Lab.DataOf(host), "log"), Path.Combine(Lab.Directory, host, "log")]));
    }

    [Fact]
    public async Task A_tokens_secret_is_shown_once_and_kept_nowhere()
    {
        var token = (await Lab.ClusterAsync("token create -q --uses 1")).Expect(0).Output.Trim();
        var secret = token.Split('-')[3]; // CMT-version-id-secret-pin
        foreach (var format in new[] { "json", "yaml", "table" })
        {
            Assert.DoesNotContain(secret, (await Lab.ClusterAsync($"token ls -o {format}")).Expect(0).Text, StringComparison.Ordinal);
        }
        Assert.Empty(FilesWith(secret, host => [Path.Combine(Lab.Directory, host)]));
    }

    [Fact]
    public void Keys_are_readable_by_root_only_and_in_no_log()
    {
        foreach (var host in Lab.Hosts)
        {
            var keys = Directory.GetFiles(Lab.DataOf(host), "*", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/log/", StringComparison.Ordinal) && Reads(file, "PRIVATE KEY")).ToList();
            Assert.NotEmpty(keys);
            Assert.All(keys, key => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key)));
        }
        Assert.Empty(FilesWith("PRIVATE KEY", host => [Path.Combine(Lab.DataOf(host), "log"), Path.Combine(Lab.Directory, host, "log")]));
    }

    [Fact]
    public void The_gossip_key_and_consuls_tokens_are_in_no_log_and_not_readable_by_others()
    {
        foreach (var host in Lab.Hosts)
        {
            var configurations = Directory.GetFiles(Path.Combine(Lab.DataOf(host), "consul"), "*.json", SearchOption.TopDirectoryOnly);
            Assert.NotEmpty(configurations);
            Assert.All(configurations, file => Assert.False(File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead), file));
        }
    }

    private List<string> FilesWith(string text, Func<string, string[]> folders) =>
        [.. Lab.Hosts.SelectMany(folders).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", new EnumerationOptions
            {
                RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
            }))
            .Where(file => !file.Contains("/engine/", StringComparison.Ordinal) && Reads(file, text))];

    // Files may be deleted, or be sockets, while they are looked at.
    private static bool Reads(string file, string text)
    {
        try
        {
            return new FileInfo(file).Length is > 0 and < 100_000_000
                && File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
