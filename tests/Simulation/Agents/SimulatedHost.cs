// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Model;
using ClusterManager.Simulation.Consul;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Docker;
using ClusterManager.Simulation.Managers;

namespace ClusterManager.Simulation.Agents;

/// <summary>A machine: its engine, its Consul agent's services, its disk, and which of our programs run on it.</summary>
internal sealed class SimulatedHost
{
    public required string Name { get; init; }

    /// <summary>What the cluster calls it; another one after each join.</summary>
    public required NodeId Node { get; set; }

    /// <summary>It has joined the cluster and was not removed.</summary>
    public bool IsMember { get; set; } = true;

    public required int Ordinal { get; init; }

    public required SimulatedEngine Engine { get; init; }

    public required SimulatedServiceRegistry Services { get; init; }

    public required SimulatedProber Prober { get; init; }

    public required SimulatedDisk Disk { get; init; }

    /// <summary>Where programs keep their files on <see cref="Disk"/>; the machine that runs this has no such directory.</summary>
    public static ClusterPaths Paths { get; } = new("/simulated");

    public bool IsPowered { get; set; } = true;

    /// <summary>How far its wall clock is off.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>When something last went wrong with it that explains what looks odd.</summary>
    public TimeSpan? TroubleAt { get; set; }

    /// <summary>The agent's life; null: it does not run.</summary>
    public SimulatedAgent? Agent { get; set; }

    /// <summary>The manager's life; null: none runs.</summary>
    public ManagerUnderTest? Manager { get; set; }

    public string Address => $"192.0.2.{Ordinal}";

    public string ManagerAddress => $"{Address}:7443";
}
