// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Persistence;

/// <summary>Where the state lies in Consul. All keys are below <see cref="Root"/>.</summary>
internal static class StateKeys
{
    /// <summary>Everything of ours.</summary>
    public const string Root = "cm/v1/";

    /// <summary>Written once by <c>init</c>; the cluster exists when it does.</summary>
    public const string Meta = Root + "meta";

    /// <summary>The lock of the leader.</summary>
    public const string Lead = Root + "lead";

    /// <summary>Term and count of commits; cas'ed by every commit.</summary>
    public const string Version = Root + "version";

    /// <summary>The trusted roots.</summary>
    public const string Trust = Root + "trust";

    public const string Nodes = Root + "nodes/";
    public const string Services = Root + "services/";
    public const string Revisions = Root + "revisions/";
    public const string Allocations = Root + "allocations/";
    public const string Volumes = Root + "volumes/";
    public const string Tokens = Root + "tokens/";
    public const string Releases = Root + "releases/";
    public const string History = Root + "history/";
    public const string Requests = Root + "requests/";
    public const string Logins = Root + "logins/";
    public const string Pins = Root + "pins/";
    public const string Secrets = Root + "secrets/";

    public static string Node(NodeId id) => Nodes + id;

    public static string Service(ServiceId id) => Services + id;

    public static string Revision(ServiceId id, int number) => $"{Revisions}{id}/{number}";

    public static string Chunk(ServiceId id, int chunk) => $"{Allocations}{id}/{chunk}";

    public static string Volume(string stack, string name) => $"{Volumes}{stack}/{name}";

    public static string Token(string id) => Tokens + id;

    public static string Release(string stack) => Releases + stack;

    public static string ReleaseEntry(string stack, int number) => $"{History}{stack}/{number}";

    public static string Request(long number) => $"{Requests}{number % State.RequestRecord.Kept}";

    public static string Login(string registry) => Logins + registry;

    public static string Pin(string image) => Pins + image;

    public static string Secret(string name) => Secrets + name;
}
