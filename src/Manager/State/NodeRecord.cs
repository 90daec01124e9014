// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>A machine of the cluster, as stored. What it does now is in <see cref="NodeObservation"/>.</summary>
public sealed record NodeRecord
{
    /// <summary>Its id, for life.</summary>
    public required NodeId Id { get; init; }

    /// <summary>Its name: a DNS label, unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>A small number, never reused; a global service uses it as the slot.</summary>
    public required int Ordinal { get; init; }

    /// <summary>IP address where other machines reach it.</summary>
    public required string Address { get; init; }

    /// <summary>A manager runs there.</summary>
    public bool IsManager { get; init; }

    /// <summary>Its Consul agent is a server.</summary>
    public bool IsConsulServer { get; init; }

    /// <summary>What the operator allows it to do.</summary>
    public NodeAvailability Availability { get; init; } = NodeAvailability.Active;

    /// <summary>Who set the availability, and when; null: nobody yet.</summary>
    public (string Actor, DateTimeOffset At)? AvailabilitySet { get; init; }

    /// <summary>The operator's labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Maps.Empty;

    /// <summary>When it joined.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>Accessor of its Consul token, to be deleted with it; empty: none.</summary>
    public string ConsulTokenAccessor { get; init; } = "";

    /// <summary>The join's request id: the same again is the same join.</summary>
    public string JoinRequestId { get; init; } = "";

    /// <summary>The newest life of the state in which its agent had a session: older than the state's, it still waits for an operator's
    /// word.</summary>
    public long Incarnation { get; init; } = 1;

    /// <summary>What its agent found, as last stored (a new leader places by it before the agent is back); null: never reported.</summary>
    public NodeFacts? Facts { get; init; }
}
