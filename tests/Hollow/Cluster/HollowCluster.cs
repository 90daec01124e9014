// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hollow.Agents;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Hollow.Cluster;

/// <summary>One real manager over a real Consul on loopback, and hollow agents that joined it. Disposing takes all down.</summary>
internal sealed class HollowCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cm-hollow-");

    // Agents stand for as many machines, each with a disk of its own; one disk would make them wait for each other.
    private readonly DirectoryInfo _agentDisks = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory(Path.Combine("/dev/shm", $"cm-hollow-{Environment.ProcessId}-{Guid.NewGuid():N}"))
        : Directory.CreateTempSubdirectory("cm-hollow-agents-");

    private readonly ClusterCertificateAuthority _authority;
    private readonly TimeProvider _time;

    private HollowCluster(TimeProvider time)
    {
        _time = time;
        _authority = ClusterCertificateAuthority.Create(Guid.NewGuid().ToString("N"), time);
    }

    /// <summary>The manager.</summary>
    public ManagerProcess Manager { get; private set; } = null!;

    /// <summary>The agents.</summary>
    public HollowFleet Fleet { get; private set; } = null!;

    /// <summary>To the manager, as an operator.</summary>
    public GrpcChannel Operator { get; private set; } = null!;

    /// <summary>Starts everything, and waits until every agent has its session.</summary>
    /// <param name="agents">How many.</param>
    /// <param name="startDelay">How long each engine takes to start a container.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<HollowCluster> StartAsync(
        int agents, TimeSpan startDelay, TimeProvider time, CancellationToken cancellationToken)
    {
        var cluster = new HollowCluster(time);
        try
        {
            await cluster.StartManagerAsync(agents, cancellationToken);
            await cluster.StartFleetAsync(agents, startDelay, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks every 100 ms until the condition holds.</summary>
    /// <exception cref="TimeoutException">It does not hold within the limit.</exception>
    public async Task WaitAsync(string what, TimeSpan limit, Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (!await holds())
        {
            if (_time.GetElapsedTime(started) > limit) throw new TimeoutException($"not within {limit.TotalSeconds:0} s: {what}");
            if (!Manager.IsRunning) throw new InvalidOperationException("the manager has ended");
            await Task.Delay(Look, _time, cancellationToken);
        }
    }

    /// <summary>Waits until every agent has a session.</summary>
    public Task WaitForSessionsAsync(TimeSpan limit, CancellationToken cancellationToken) => WaitAsync(
        $"{Fleet.Agents.Count} agents have their sessions", limit, () => Task.FromResult(Fleet.EstablishedCount == Fleet.Agents.Count),
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        while (_parts.TryPop(out var part)) await part.DisposeAsync();
        _authority.Dispose();
        _agentDisks.Delete(recursive: true);
        _directory.Delete(recursive: true);
    }

    private async Task StartManagerAsync(int agents, CancellationToken cancellationToken)
    {
        var consul = Own(await ConsulServer.StartAsync(Path.Combine(_directory.FullName, "consul"), cancellationToken));
        string[] names = [.. Enumerable.Range(1, agents).Select(HollowJoin.NameOf)];
        var witness = Own(await SerfWitness.StartAsync(consul.Address, names, cancellationToken));
        var data = Path.Combine(_directory.FullName, "manager");
        var port = LoopbackPorts.Take(1)[0];
        await new ManagerFiles(_authority, consul, witness.Address).WriteAsync(data, port, cancellationToken);
        Manager = Own(ManagerProcess.Start(data, port));
        Operator = Connect(new PeerIdentity(PeerRole.Operator, "hollow", _authority.ClusterId));
        var status = new ClusterApi.ClusterApiClient(Operator);
        await WaitAsync("the manager leads", StartLimit, () => LeadsAsync(status), cancellationToken);
    }

    private static async Task<bool> LeadsAsync(ClusterApi.ClusterApiClient client)
    {
        try
        {
            return (await client.StatusAsync(new StatusRequest())).Leader.Length > 0;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private async Task StartFleetAsync(int agents, TimeSpan startDelay, CancellationToken cancellationToken)
    {
        var request = new CreateTokenRequest { RequestId = "hollow-token", Uses = agents };
        var created = await new TokenApi.TokenApiClient(Operator).CreateAsync(request, cancellationToken: cancellationToken);
        var token = JoinToken.TryParse(created.Token, out var problem) ?? throw new InvalidOperationException(problem);
        using var joins = Connect(null);
        Fleet = Own(new HollowFleet(startDelay, _time));
        var join = new HollowJoin(joins.CreateCallInvoker(), _authority.Trust, token, _agentDisks.FullName);
        await Fleet.StartAsync(join, agents, cancellationToken);
        await WaitForSessionsAsync(StartLimit, cancellationToken);
    }

    private GrpcChannel Connect(PeerIdentity? identity)
    {
        var validator = new PeerValidator(_authority.ClusterId, () => _authority.Trust, _time);
        var holder = identity is null ? null : new CertificateHolder(_authority.IssueWithKey(identity, []));
        return GrpcChannel.ForAddress($"https://127.0.0.1:{Manager.Port}", new GrpcChannelOptions
        {
            SslOptions = ClusterTls.ClientOptions("127.0.0.1", holder, validator), MaxReceiveMessageSize = 64 << 20,
        });
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
