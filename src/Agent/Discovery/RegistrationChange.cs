// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Discovery;

/// <summary>One call to the node's Consul agent. A closed family.</summary>
internal abstract record RegistrationChange
{
    private RegistrationChange(string id) => Id = id;

    /// <summary>The registration's id.</summary>
    public string Id { get; }

    /// <summary>Register or replace, with the check as wanted.</summary>
    public sealed record Register(Registration Service) : RegistrationChange(Service.Id);

    /// <summary>Beat its check: passing or critical.</summary>
    public sealed record SetCheck(string ServiceId, bool IsPassing) : RegistrationChange(ServiceId);

    /// <summary>Remove it.</summary>
    public sealed record Deregister(string ServiceId) : RegistrationChange(ServiceId);
}
