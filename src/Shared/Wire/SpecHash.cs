// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using ClusterManager.Model;
using Google.Protobuf;

namespace ClusterManager.Wire;

/// <summary>
/// Hashes of specs: SHA-256 over the wire form, whose maps are written in ordinal key order because the model's maps are sorted. What
/// the user did not set is not in it, so a default that changes later restarts nothing.
/// </summary>
public static class SpecHash
{
    /// <summary>
    /// Over everything the user set but the number of replicas, which belongs to the service and not to a revision: equal means "no change
    /// at all, unless the number differs". Lower-case hexadecimal.
    /// </summary>
    public static string OfSpec(ServiceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Hash((spec with { Replicas = null }).ToWire());
    }

    /// <summary>
    /// Over what a container is made of: equal means "no new container". Left out: replicas, mode, constraints, reservations, restart
    /// policy, update policy, tracking, dependencies, service labels, progress deadline, drain delay, stop grace period; they are applied
    /// to running containers or concern only the managers.
    /// </summary>
    /// <param name="spec">The spec.</param>
    /// <param name="force">Grows when an operator forces a replacement; 0 otherwise.</param>
    public static string OfTemplate(ServiceSpec spec, int force = 0)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var wire = new ServiceSpec
        {
            Name = spec.Name,
            Container = spec.Container with { StopGracePeriod = TimeSpan.Zero },
            Ports = spec.Ports,
            Health = spec.Health,
            Resources = spec.Resources with { CpuReservationNano = null, MemoryReservationBytes = null },
            ProgressDeadline = TimeSpan.Zero,
            DrainDelay = TimeSpan.Zero,
        }.ToWire();
        var hash = Hash(wire);
        return force == 0 ? hash : $"{hash}-{force}";
    }

    private static string Hash(V1.ServiceSpec wire) => Convert.ToHexStringLower(SHA256.HashData(wire.ToByteArray()));
}
