// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning;

/// <summary>Numbers that keep the state and a turn within bounds.</summary>
public static class EngineLimits
{
    /// <summary>Live allocations of one node.</summary>
    public const int AllocationsPerNode = 200;

    /// <summary>Replicas of one service.</summary>
    public const int ReplicasPerService = 10_000;

    /// <summary>Services named in one scale or remove.</summary>
    public const int ServicesPerMutation = 50;

    /// <summary>Bytes of one spec or of all specs of a release.</summary>
    public const int SpecBytes = 256 * 1024;

    /// <summary>Kept revisions of a service, besides those that are in use.</summary>
    public const int RevisionsKept = 10;

    /// <summary>Kept releases of a stack; the newest that has succeeded is always among them.</summary>
    public const int ReleasesKept = 10;

    /// <summary>Ended allocations kept in a slot.</summary>
    public const int EndedPerSlot = 2;

    /// <summary>Nodes whose registries are asked about an image.</summary>
    public const int RegistryNodesAsked = 3;

    /// <summary>Nodes that pull one rollout's image at once.</summary>
    public const int NodesPullingAtOnce = 16;

    /// <summary>Mutations that wait for their turn; more are refused.</summary>
    public const int MutationsWaiting = 1000;

    /// <summary>Join tokens kept.</summary>
    public const int Tokens = 1000;

    /// <summary>Credentials of registries.</summary>
    public const int Logins = 100;

    /// <summary>Images that stay though no service needs them.</summary>
    public const int Pins = 100;

    /// <summary>Characters of a reason's text that is stored.</summary>
    public const int ReasonCharacters = 300;
}
