// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Network;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// Consul's servers: who leads their quorum, what is stored, and what each server that is cut off still believes. One linear history.
/// </summary>
internal sealed class ConsulServers
{
    private readonly Timeline _timeline;
    private readonly SimulatedNetwork _network;
    private readonly SeededStream _chance;
    private readonly Action<string> _tell;
    private readonly IReadOnlyList<string> _servers;
    private readonly Func<string, bool> _isPowered;
    private readonly Dictionary<string, ConsulData> _copies = new(StringComparer.Ordinal);
    private TimeSpan _electedAt;

    public ConsulServers(
        Timeline timeline, SimulatedNetwork network, SeededStream chance, Action<string> tell, IReadOnlyList<string> servers,
        Func<string, bool> isPowered)
    {
        _timeline = timeline;
        _network = network;
        _chance = chance;
        _tell = tell;
        _servers = servers;
        _isPowered = isPowered;
        Leader = servers[0];
        foreach (var server in servers) _copies[server] = Data;
    }

    /// <summary>What the quorum has stored.</summary>
    public ConsulData Data { get; private set; } = new();

    /// <summary>Who leads the quorum; null: nobody.</summary>
    public string? Leader { get; private set; }

    /// <summary>Told after each change and whenever a server has caught up.</summary>
    public Action OnChange { get; set; } = static () => { };

    /// <summary>A leader takes calls of this host now.</summary>
    public bool Serves(string host) => IsLed && _isPowered(host) && Members(Leader!).Any(member => _network.AreJoined(host, member));

    /// <summary>There is a leader, and it has its quorum.</summary>
    public bool IsLed => Leader is { } leader && _timeline.Now >= _electedAt && CanLead(leader);

    /// <summary>The server that answers this host when any may: its own, else the first that it reaches; null: none.</summary>
    public string? NearestTo(string host) => _servers.Contains(host) && _isPowered(host) ? host
        : _servers.FirstOrDefault(server => _isPowered(server) && _network.AreJoined(host, server));

    /// <summary>Nothing lies between them now.</summary>
    public bool AreJoined(string host, string server) => _isPowered(server) && _network.AreJoined(host, server);

    /// <summary>What a server has: all, or what it had when it was cut off.</summary>
    public ConsulData CopyOf(string server) => _copies[server];

    /// <summary>A server sees the host by gossip.</summary>
    public bool Sees(string host) => _isPowered(host) && Members(Leader!).Any(member => _network.AreJoined(host, member));

    /// <summary>The quorum stores this.</summary>
    public void Store(ConsulData data)
    {
        if (ReferenceEquals(data, Data)) return;
        Data = data;
        CatchUp();
        OnChange();
    }

    /// <summary>The leader is lost or gives up: no answers until another is elected.</summary>
    public void ChangeLeader()
    {
        _electedAt = _timeline.Now + _chance.Between(1200, 3800);
        _tell("Consul changes its own leader");
    }

    /// <summary>Elects when it must; servers that were cut off catch up.</summary>
    public void Beat()
    {
        Elect();
        if (IsLed && CatchUp()) OnChange();
    }

    private bool CatchUp()
    {
        var isNews = false;
        foreach (var server in Leader is { } leader ? Members(leader) : [])
        {
            isNews |= !ReferenceEquals(_copies[server], Data);
            _copies[server] = Data;
        }

        return isNews;
    }

    private IEnumerable<string> Members(string leader) =>
        _servers.Where(server => _isPowered(server) && (server == leader || _network.AreJoined(server, leader)));

    private bool CanLead(string server) => _isPowered(server) && Members(server).Count() > _servers.Count / 2;

    private void Elect()
    {
        if (Leader is { } leader && CanLead(leader)) return;
        var next = _servers.FirstOrDefault(CanLead);
        if (next == Leader) return;
        Leader = next;
        if (next is null)
        {
            _tell("Consul has no quorum");
            return;
        }

        _electedAt = _timeline.Now + _chance.Between(1200, 3500);
        _tell($"Consul elects {next}");
    }
}
