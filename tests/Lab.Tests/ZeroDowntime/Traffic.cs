// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Load;

namespace ClusterManager.Lab.Tests.ZeroDowntime;

/// <summary>
/// 300 requests a second from the clients' host while something is changed: to both services, by DNS and through HAProxy, on connections
/// that are kept open, a tenth of them taking a second at the server. Each run's journal is kept below TestResults/zero-downtime.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const double Rate = 300;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("CLUSTER_TEST_LONG") == "1";
    private static readonly long Requests = long.TryParse(
        Environment.GetEnvironmentVariable("CLUSTER_TEST_REQUESTS"), out var given) ? given : IsLong ? 100_000 : 5_000;

    private readonly string _change;
    private readonly string _until;
    private readonly RunningCommand _load;
    private readonly long _began = TimeProvider.System.GetTimestamp();

    /// <summary>Begins; the change may begin, too.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="change">What will be changed; the journal's name.</param>
    public Traffic(Harness.Lab lab, string change)
    {
        _change = change;
        _until = Path.Combine(lab.Directory, $"until-{change}");
        File.Delete(_until);
        var dotnet = Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "dotnet";
        var targets = ClientsFixture.Services.SelectMany(
            service => (string[])[$"dns:{service}.service.consul", $"proxy:{ClientsFixture.ProxyOf(service)}"]).ToList();
        _load = lab.Start(
            ClientsFixture.Clients,
            [
                dotnet, typeof(LoadRun).Assembly.Location, "--requests", $"{Requests}", "--until", _until,
                .. targets.SelectMany(target => (string[])["--target", string.Create(
                    CultureInfo.InvariantCulture, $"{target}@{Rate / targets.Count}")]),
            ]);
    }

    /// <summary>The requests are not all sent yet: the change may be made once more. Always false in the short form.</summary>
    public bool IsTimeForMore => IsLong && TimeProvider.System.GetElapsedTime(_began).TotalSeconds < (Requests / Rate) - 10;

    /// <summary>Waits until the requests are sent, and fails the test when one of them failed. The change must be complete.</summary>
    /// <param name="figures">What the proxy counted.</param>
    public async Task<IReadOnlyList<LoadSum>> EndAsync(IReadOnlyList<string> figures)
    {
        await File.WriteAllTextAsync(_until, "");
        var result = await _load.EndAsync(TimeSpan.FromSeconds((Requests / Rate * 2) + 60));
        var folder = Directory.CreateDirectory(Path.Combine(Programs.Results, "zero-downtime")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{_change}.jsonl"), [.. result.Lines, .. figures.Select(line => $"# {line}")]);
        var sums = LoadJournal.ReadSums(result.Lines);
        await File.AppendAllLinesAsync(Path.Combine(Programs.Results, "figures.txt"), sums.Select(Row));
        Assert.True(result.ExitCode == 0, $"{_change}: requests failed\n{string.Join('\n', result.Lines.Take(40))}\n{result.Error}");
        Assert.True(sums.Sum(sum => sum.Requests) >= Requests, string.Join('\n', sums.Select(Row)));
        return sums;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _load.DisposeAsync();

    private string Row(LoadSum sum) => string.Create(CultureInfo.InvariantCulture,
        $"{_change,-16} {sum.Target,-24} {sum.Requests,7} requests, {sum.Failed} failed, {sum.Late} late, {sum.Retries} retried, "
        + $"median {sum.P50Ms} ms, at most {sum.MaxMs} ms");
}
