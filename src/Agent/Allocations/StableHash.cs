// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>Numbers that look random and are the same in every process: jitter without chance. Pure.</summary>
internal static class StableHash
{
    /// <summary>A fraction from 0 to below 1 for an allocation's n-th attempt.</summary>
    public static double Fraction(AllocationId id, int attempt) =>
        Fraction(unchecked(((ulong)id.Service.Value * 0x9E3779B97F4A7C15UL) ^ ((ulong)id.Slot << 40) ^ ((ulong)id.Generation << 20) ^ (ulong)attempt));

    /// <summary>A fraction from 0 to below 1 for a node's n-th try.</summary>
    public static double Fraction(NodeId id, int attempt) =>
        Fraction(unchecked((ulong)id.Value ^ (ulong)(id.Value >> 64) ^ ((ulong)attempt * 0x9E3779B97F4A7C15UL)));

    // The mixing of splitmix64: neighbouring inputs give unrelated outputs. 53 bits fill a double.
    private static double Fraction(ulong seed)
    {
        unchecked
        {
            var x = seed + 0x9E3779B97F4A7C15UL;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return ((x ^ (x >> 31)) >> 11) / (double)(1UL << 53);
        }
    }
}
