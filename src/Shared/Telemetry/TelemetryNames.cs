// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Telemetry;

/// <summary>
/// The names of all meters and instruments, as docs/metrics.md lists them. An interface like any other: a name is never given another
/// meaning. Times are seconds, sizes bytes. In Prometheus' text dots become underscores and the unit is appended.
/// </summary>
public static class TelemetryNames
{
    /// <summary>The meter of managers: what they do.</summary>
    public const string ManagerMeter = "ClusterManager.Manager";

    /// <summary>The meter of managers: what they know of the cluster when asked.</summary>
    public const string ClusterMeter = "ClusterManager.Cluster";

    /// <summary>The meter of agents.</summary>
    public const string AgentMeter = "ClusterManager.Agent";

    /// <summary>The meter of the Consul client, in managers and agents.</summary>
    public const string ConsulMeter = "ClusterManager.Consul";

    // Leadership: every manager.

    /// <summary>1 while this manager leads, else 0.</summary>
    public const string Leader = "cluster.leader";

    /// <summary>1 while this manager knows of a leader, else 0.</summary>
    public const string LeaderKnown = "cluster.leader.known";

    /// <summary>The newest term that this manager knows of.</summary>
    public const string Term = "cluster.term";

    /// <summary>Elections that this manager stood in, by outcome.</summary>
    public const string Elections = "cluster.elections";

    /// <summary>Time since the last proof that the lock is this leader's.</summary>
    public const string FenceAge = "cluster.fence.age";

    /// <summary>1 while this manager's Consul answers.</summary>
    public const string ConsulUp = "cluster.consul.up";

    /// <summary>What is left of this process's certificate.</summary>
    public const string CertificateRemaining = "cluster.certificate.remaining";

    // The engine: the leader.

    /// <summary>Events that wait for a turn.</summary>
    public const string MailboxDepth = "cluster.engine.mailbox.depth";

    /// <summary>Events that may wait.</summary>
    public const string MailboxCapacity = "cluster.engine.mailbox.capacity";

    /// <summary>Calls turned away by a full mailbox.</summary>
    public const string MailboxRejected = "cluster.engine.mailbox.rejected";

    /// <summary>Time of one turn's computation.</summary>
    public const string TurnDuration = "cluster.engine.turn.duration";

    /// <summary>Time from a commit's beginning to its known outcome.</summary>
    public const string CommitDuration = "cluster.engine.commit.duration";

    /// <summary>Transactions with Consul, by outcome.</summary>
    public const string Commits = "cluster.engine.commits";

    /// <summary>Keys of the stored state.</summary>
    public const string StateKeys = "cluster.state.keys";

    /// <summary>Bytes of the stored state.</summary>
    public const string StateSize = "cluster.state.size";

    /// <summary>Sessions of agents.</summary>
    public const string Sessions = "cluster.sessions";

    // Nodes.

    /// <summary>Nodes, by state.</summary>
    public const string Nodes = "cluster.nodes";

    /// <summary>1 for the state that a node is in.</summary>
    public const string NodeStatus = "cluster.node.status";

    /// <summary>Time since the node's agent was last heard.</summary>
    public const string NodeHeartbeatAge = "cluster.node.heartbeat.age";

    /// <summary>The node's clock, less the leader's.</summary>
    public const string NodeClockOffset = "cluster.node.clock.offset";

    /// <summary>1 while the brake on mass loss is on.</summary>
    public const string Brake = "cluster.brake";

    /// <summary>Managers, by whether their node is ready.</summary>
    public const string Managers = "cluster.managers";

    /// <summary>Consul servers, by whether their node is ready.</summary>
    public const string ConsulServers = "cluster.consul.servers";

    // Services.

    /// <summary>Replicas wanted of a service.</summary>
    public const string ReplicasWanted = "cluster.service.replicas.wanted";

    /// <summary>Replicas of a service that run and are healthy.</summary>
    public const string ReplicasRunning = "cluster.service.replicas.running";

    /// <summary>Replicas of a service that no node takes, by reason.</summary>
    public const string ReplicasUnplaced = "cluster.service.replicas.unplaced";

    /// <summary>Time since the oldest gap of the service began.</summary>
    public const string UnplacedAge = "cluster.service.unplaced.age";

    /// <summary>1 while the newest rollout of a service is a failed one.</summary>
    public const string RolloutFailed = "cluster.service.rollout.failed";

    /// <summary>Services.</summary>
    public const string Services = "cluster.services";

    /// <summary>Services left out of the per-service series by their limit.</summary>
    public const string ServicesOmitted = "cluster.services.omitted";

    /// <summary>Ended rollouts, by verdict.</summary>
    public const string Rollouts = "cluster.rollouts";

    /// <summary>Time from a rollout's beginning to its verdict.</summary>
    public const string RolloutDuration = "cluster.rollout.duration";

    /// <summary>Time from placing a replica to its running and being healthy.</summary>
    public const string TimeToRunning = "cluster.allocation.running.delay";

    // Calls.

    /// <summary>Calls of the manager's API, by method and status.</summary>
    public const string GrpcCalls = "cluster.grpc.calls";

    /// <summary>Time of unary calls, by method.</summary>
    public const string GrpcCallDuration = "cluster.grpc.call.duration";

    /// <summary>Calls of Consul, by kind and outcome.</summary>
    public const string ConsulCalls = "cluster.consul.calls";

    /// <summary>Time of Consul's calls, by kind; those that wait for news are not in it.</summary>
    public const string ConsulCallDuration = "cluster.consul.call.duration";

    // The process.

    /// <summary>CPU time that the process has used.</summary>
    public const string ProcessCpu = "cluster.process.cpu.time";

    /// <summary>Resident memory of the process.</summary>
    public const string ProcessMemory = "cluster.process.memory.resident";

    /// <summary>Threads of the process.</summary>
    public const string ProcessThreads = "cluster.process.threads";

    /// <summary>Measurements dropped because their metric has its most series.</summary>
    public const string Dropped = "cluster.telemetry.dropped";
}
