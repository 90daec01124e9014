// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Manager.Api;

/// <summary>Says for every method who may call it. A method that is not listed is refused.</summary>
internal static class MethodPolicy
{
    [Flags]
    private enum Callers
    {
        Operator = 1,
        Manager = 2,
        Node = 4,
        ExpiredNode = 8,
        Anyone = 16,
    }

    private static readonly FrozenDictionary<string, Callers> ByService = new Dictionary<string, Callers>(StringComparer.Ordinal)
    {
        ["clustermanager.v1.ServiceApi"] = Callers.Operator | Callers.Manager,
        ["clustermanager.v1.StackApi"] = Callers.Operator | Callers.Manager,
        ["clustermanager.v1.NodeApi"] = Callers.Operator | Callers.Manager,
        ["clustermanager.v1.TokenApi"] = Callers.Operator | Callers.Manager,
        ["clustermanager.v1.ClusterApi"] = Callers.Operator | Callers.Manager | Callers.Node,
        ["clustermanager.v1.ImageApi"] = Callers.Operator | Callers.Manager,
        ["clustermanager.v1.PlanApi"] = Callers.Operator | Callers.Manager,
        ["clustermanager.v1.AgentApi"] = Callers.Node | Callers.Manager,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Callers> ByMethod = new Dictionary<string, Callers>(StringComparer.Ordinal)
    {
        // The token inside decides.
        ["/clustermanager.v1.Enrollment/Join"] = Callers.Anyone,
        ["/clustermanager.v1.Enrollment/Renew"] = Callers.Node | Callers.Manager | Callers.ExpiredNode,
        ["/clustermanager.v1.ClusterApi/Strays"] = Callers.Operator | Callers.Manager,
        ["/clustermanager.v1.ClusterApi/Adopt"] = Callers.Operator | Callers.Manager,
        ["/clustermanager.v1.Enrollment/ManagerSecrets"] = Callers.Manager,
        // It looks into every machine.
        ["/clustermanager.v1.ClusterApi/Diagnose"] = Callers.Operator | Callers.Manager,
        // A machine that joins waits until its own node is ready.
        ["/clustermanager.v1.NodeApi/Get"] = Callers.Operator | Callers.Manager | Callers.Node,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null when the caller may; else why not.</summary>
    public static string? Refuse(string method, CallerIdentity caller)
    {
        var allowed = Allowed(method);
        if (allowed.HasFlag(Callers.Anyone)) return null;
        if (caller.Role is not { } role) return "this call needs a client certificate of the cluster (is a context configured?)";
        if (caller.IsExpired && !allowed.HasFlag(Callers.ExpiredNode)) return "the client certificate has expired";
        var needed = role switch { PeerRole.Operator => Callers.Operator, PeerRole.Manager => Callers.Manager, _ => Callers.Node };
        return allowed.HasFlag(needed) ? null : $"a {role.ToString().ToLowerInvariant()}'s certificate may not call this";
    }

    private static Callers Allowed(string method)
    {
        if (ByMethod.TryGetValue(method, out var exact)) return exact;
        var slash = method.LastIndexOf('/');
        return slash > 1 && ByService.TryGetValue(method[1..slash], out var service) ? service : 0;
    }
}
