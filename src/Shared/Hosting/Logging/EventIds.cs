// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Logging;

/// <summary>
/// The blocks of event ids. A component keeps a static class <c>EventIds</c> of its own whose constants are <c>EventIds.X + n</c>; an
/// id is never
/// reused for another event, since operators alert on it.
/// </summary>
public static class EventIds
{
    /// <summary>Shared hosting: supervisor, certificates, files.</summary>
    public const int Hosting = 1000;

    /// <summary>The Consul client.</summary>
    public const int Consul = 1200;

    /// <summary>gRPC client and server.</summary>
    public const int Grpc = 1400;

    /// <summary>The manager's engine and planning.</summary>
    public const int ManagerEngine = 2000;

    /// <summary>The manager's leadership and persistence.</summary>
    public const int ManagerLeadership = 2200;

    /// <summary>The manager's sessions with agents.</summary>
    public const int ManagerDispatch = 2400;

    /// <summary>The manager's API.</summary>
    public const int ManagerApi = 2600;

    /// <summary>The agent's session with a manager.</summary>
    public const int AgentSession = 3000;

    /// <summary>The agent's allocations and Docker.</summary>
    public const int AgentAllocations = 3200;

    /// <summary>The agent's health probes and registrations.</summary>
    public const int AgentDiscovery = 3400;

    /// <summary>The agent's networking and resolver.</summary>
    public const int AgentNetworking = 3600;

    /// <summary>The command line tool.</summary>
    public const int Cli = 4000;
}
