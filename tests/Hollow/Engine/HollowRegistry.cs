// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Discovery;

namespace ClusterManager.Hollow.Engine;

/// <summary>The services of a node's own Consul agent, in memory. One caller at a time, as the discovery loop is.</summary>
internal sealed class HollowRegistry : IServiceRegistry
{
    private readonly SortedDictionary<string, Registration> _entries = new(StringComparer.Ordinal);

    public Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<Registration>>([.. _entries.Values]);

    public Task ApplyAsync(RegistrationChange change, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case RegistrationChange.Register register:
                _entries[change.Id] = register.Service;
                break;
            case RegistrationChange.SetCheck check when _entries.TryGetValue(change.Id, out var entry):
                _entries[change.Id] = entry with { IsPassing = check.IsPassing };
                break;
            case RegistrationChange.Deregister:
                _entries.Remove(change.Id);
                break;
        }

        return Task.CompletedTask;
    }
}
