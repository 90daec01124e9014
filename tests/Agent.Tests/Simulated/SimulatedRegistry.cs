// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Discovery;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>The node's Consul agent in memory.</summary>
internal sealed class SimulatedRegistry(List<string> journal) : IServiceRegistry
{
    public SortedDictionary<string, Registration> Entries { get; } = new(StringComparer.Ordinal);

    public int Beats { get; private set; }

    public bool IsUp { get; set; } = true;

    /// <summary>What it is told arrives when this has ended.</summary>
    public Task OnTheWay { get; set; } = Task.CompletedTask;

    public Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult(Entries.Values.ToImmutableArray());
    }

    public async Task ApplyAsync(RegistrationChange change, CancellationToken cancellationToken)
    {
        Check();
        await OnTheWay;
        switch (change)
        {
            case RegistrationChange.Register register:
                journal.Add($"register {change.Id} {(register.Service.IsPassing ? "passing" : "critical")}");
                Entries[change.Id] = register.Service;
                break;
            case RegistrationChange.SetCheck check:
                if (Entries[change.Id].IsPassing == check.IsPassing) Beats++;
                else journal.Add($"check {change.Id} {(check.IsPassing ? "passing" : "critical")}");
                Entries[change.Id] = Entries[change.Id] with { IsPassing = check.IsPassing };
                break;
            default:
                journal.Add($"deregister {change.Id}");
                Entries.Remove(change.Id);
                break;
        }
    }

    private void Check()
    {
        if (!IsUp) throw new RegistryUnavailableException("Consul does not answer", new IOException("refused"));
    }
}
