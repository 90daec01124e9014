// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Shared.Tests.Consul;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Tests.Leadership;

/// <summary>One manager's part in leadership, whole and real, on a real Consul.</summary>
internal sealed class Seat : IAsyncDisposable
{
    public const string Canary = "canary-of-the-ca-key";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cm-seat-");
    private readonly LeaderWatch _watch;
    private Task _running = Task.CompletedTask;

    public Seat(Uri consul, int number, ClusterId? cluster = null, long incarnation = 1, ClusterKey? key = null)
    {
        Consul = new ConsulClient(new ConsulClientOptions { Address = consul, Timeout = TimeSpan.FromMilliseconds(2500) }, Handler);
        Paths = new ClusterPaths(_directory.FullName);
        Paths.CreateDirectories();
        Identity = new ManagerIdentity(
            cluster ?? States.Cluster, ModelCluster.Id(number), $"h{number}", $"127.0.0.1:{7443 + number}", incarnation);
        Secrets = new SecretStore(Consul, new SecretBox(key ?? ClusterKey.Create()));
        _watch = new LeaderWatch(Consul, Log.CreateLogger<LeaderWatch>());
        var beat = new LeaderBeat(Consul, Identity, Consul.Time, Log.CreateLogger<LeaderBeat>());
        var bootstrap = new Bootstrap(Consul, Paths, Identity, Secrets, Consul.Time, Log.CreateLogger<Bootstrap>());
        var factory = new TermFactory(Consul, beat, bootstrap, Identity, Consul.Time, Log);
        Leadership = new LeadershipLoop(Consul, _watch, beat, factory, Identity, Log.CreateLogger<LeadershipLoop>())
        {
            OnHung = HungReasons.Add,
        };
    }

    public LossyHandler Handler { get; } = new();

    public ConsulClient Consul { get; }

    public ClusterPaths Paths { get; }

    public ManagerIdentity Identity { get; }

    public SecretStore Secrets { get; }

    public LeadershipLoop Leadership { get; }

    public ListLog Log { get; } = new();

    /// <summary>Why the process would have ended itself.</summary>
    public List<string> HungReasons { get; } = [];

    public LeaderTerm? Term => Leadership.Term.Current;

    public string BootstrapPath => Path.Combine(Paths.ManagerDirectory, "bootstrap.json");

    /// <summary>What <c>cluster init</c> leaves on the disk.</summary>
    public Task WriteBootstrapAsync() => BootstrapFile.At(Paths).WriteAsync(
        new BootstrapFile { ClusterName = "test", CaCertificatePem = "certificate", CaKeyPem = Canary }, CancellationToken.None);

    public Seat Start()
    {
        _running = Task.WhenAll(_watch.RunAsync(_stop.Token), Leadership.RunAsync(_stop.Token));
        return this;
    }

    public async Task<LeaderTerm> LeadsAsync(TimeSpan? within = null)
    {
        await Until.TrueAsync($"h{Identity.Node.Value} leads", within ?? Soon, () => Task.FromResult(Term is not null), () => Log.Text);
        return Term!;
    }

    public Task SaysAsync(string words) =>
        Until.TrueAsync($"it says '{words}'", Soon, () => Task.FromResult(Log.Says(words)), () => Log.Text);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running.WaitAsync(Soon);
        }
        catch (OperationCanceledException)
        {
            // Asked to.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Handler.Thaw();
        await StopAsync();
        Consul.Dispose();
        _stop.Dispose();
        _directory.Delete(recursive: true);
    }
}
