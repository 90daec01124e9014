// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>
/// Why something does not run, or why a rollout failed: machine-readable, stable, one word per cause. Numbers and names travel beside it.
/// </summary>
public enum ReasonCode
{
    /// <summary>No reason to give.</summary>
    None = 0,

    // Images.

    /// <summary>The registry answered that there is no such image or tag.</summary>
    ImageNotFound = 1,

    /// <summary>The registry refused: no or wrong credentials.</summary>
    RegistryDenied = 2,

    /// <summary>The registry did not answer or answered with an error.</summary>
    RegistryUnreachable = 3,

    /// <summary>The pull broke off otherwise (disk full, bad manifest).</summary>
    PullFailed = 4,

    // Starting.

    /// <summary>The engine refused the container's configuration.</summary>
    InvalidConfiguration = 10,

    /// <summary>A host port is held by something else on that node.</summary>
    PortTaken = 11,

    /// <summary>The process ended by itself.</summary>
    Exited = 12,

    /// <summary>The kernel killed it: out of memory.</summary>
    OutOfMemory = 13,

    /// <summary>The health check failed as often as it may.</summary>
    Unhealthy = 14,

    /// <summary>It ends again and again; the next attempt waits for the back-off.</summary>
    CrashLoop = 15,

    /// <summary>The image's or the spec's command does not exist or is not executable.</summary>
    CommandNotFound = 16,

    /// <summary>The engine answered with an error that is none of these.</summary>
    EngineError = 17,

    /// <summary>The engine does not answer.</summary>
    EngineUnavailable = 18,

    /// <summary>The container was removed by hand.</summary>
    RemovedByHand = 19,

    // Placement, per node.

    /// <summary>A constraint does not hold.</summary>
    ConstraintNotMet = 30,

    /// <summary>Not enough unreserved CPU.</summary>
    NoCpu = 31,

    /// <summary>Not enough unreserved memory.</summary>
    NoMemory = 32,

    /// <summary>A fixed port is held by another allocation.</summary>
    PortInUse = 33,

    /// <summary>A volume of the service has its home elsewhere.</summary>
    VolumeHomeElsewhere = 34,

    /// <summary>The home node of a volume is away.</summary>
    VolumeHomeDown = 35,

    /// <summary>The node has as many allocations as it may.</summary>
    NodeFull = 36,

    /// <summary>The node takes no more (paused).</summary>
    NodePaused = 37,

    /// <summary>The node is being emptied.</summary>
    NodeDrained = 38,

    /// <summary>The node is down.</summary>
    NodeDown = 39,

    /// <summary>The node's agent is away, or a new leader has not heard of it yet.</summary>
    NodeNotReady = 40,

    /// <summary>The node's engine does not answer.</summary>
    NodeEngineDown = 41,

    /// <summary>The image is in no registry and this node does not have it.</summary>
    ImageNotOnNode = 42,

    /// <summary>The service failed on this node just now; others are tried first.</summary>
    FailedHere = 43,

    /// <summary>Another replica of the slot's service holds what only one may hold on a node.</summary>
    ExclusiveHeld = 44,

    // Placement, as a whole.

    /// <summary>No node of the cluster can ever take it as it is.</summary>
    NoNodeMatches = 60,

    /// <summary>Some node could, but none can now.</summary>
    NoNodeFreeNow = 61,

    /// <summary>There is no ready node at all.</summary>
    NoReadyNode = 62,

    /// <summary>The image is being looked up.</summary>
    ImageBeingResolved = 63,

    /// <summary>More than a third of the nodes went down at once: nothing moves until an operator or their return decides.</summary>
    MassLossBrake = 64,

    /// <summary>A new leader waits for the agents' reports.</summary>
    LeaderSettling = 65,

    /// <summary>After a restore the node runs what it had until an operator confirms the state's new life on it.</summary>
    IncarnationUnconfirmed = 66,

    /// <summary>It runs on nodes, and the restored or rebuilt state does not know it.</summary>
    UnknownToState = 67,

    // Rollouts.

    /// <summary>No progress within the deadline.</summary>
    ProgressDeadline = 80,

    /// <summary>A newer spec took its place.</summary>
    Superseded = 81,

    /// <summary>The service was removed.</summary>
    ServiceRemoved = 82,

    /// <summary>An earlier failure halted it.</summary>
    Halted = 83,

    /// <summary>A gate between two steps of a canary said no, or nothing in time.</summary>
    GateShut = 84,

    // Hooks.

    /// <summary>A hook of the rollout ended with another exit code than 0, or nobody knows how it ended.</summary>
    HookFailed = 120,

    /// <summary>A hook of the rollout took longer than it may.</summary>
    HookTimedOut = 121,

    /// <summary>A replica waits until the rollout's <c>pre_deploy</c> has succeeded.</summary>
    WaitsForHook = 122,

    /// <summary>The node's agent is of a version that knows no hooks.</summary>
    AgentTooOld = 123,
}
