// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Consul;

namespace ClusterManager.Agent.Discovery;

/// <summary>The registry of the node's own Consul agent.</summary>
/// <param name="consul">The client.</param>
internal sealed class ConsulServiceRegistry(ConsulClient consul) : IServiceRegistry
{
    /// <summary>How long a beat holds: longer than the managers leave an agent away, so that a restart costs no entry.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(75);

    /// <inheritdoc/>
    public async Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var services = await consul.Agent.GetServicesAsync(cancellationToken);
            var checks = await consul.Agent.GetChecksAsync(cancellationToken);
            return
            [
                .. services.Values
                    .Where(s => s.Id.StartsWith(Registration.Prefix, StringComparison.Ordinal))
                    .OrderBy(s => s.Id, StringComparer.Ordinal)
                    .Select(s => ToRegistration(s, checks.GetValueOrDefault(CheckOf(s.Id)))),
            ];
        }
        catch (ConsulException error)
        {
            throw new RegistryUnavailableException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(RegistrationChange change, CancellationToken cancellationToken)
    {
        try
        {
            await (change switch
            {
                RegistrationChange.Register register => consul.Agent.RegisterServiceAsync(ToConsul(register.Service), cancellationToken),
                RegistrationChange.SetCheck check => consul.Agent.UpdateCheckAsync(
                    CheckOf(check.Id), check.IsPassing ? CheckStatus.Passing : CheckStatus.Critical, "", cancellationToken),
                _ => consul.Agent.DeregisterServiceAsync(change.Id, cancellationToken),
            });
        }
        catch (ConsulException error)
        {
            throw new RegistryUnavailableException(error.Message, error);
        }
    }

    private static string CheckOf(string serviceId) => $"{serviceId}/alive";

    private static Registration ToRegistration(AgentService service, HealthCheck? check) => new()
    {
        Id = service.Id,
        Name = service.Name,
        Address = service.Address,
        Port = service.Port,
        Meta = service.Meta.ToImmutableSortedDictionary(StringComparer.Ordinal),
        IsPassing = check?.Status == CheckStatus.Passing,
    };

    private static ServiceRegistration ToConsul(Registration registration) => new()
    {
        Id = registration.Id,
        Name = registration.Name,
        Address = registration.Address,
        Port = registration.Port,
        Meta = registration.Meta,
        Checks =
        [
            new TtlCheck
            {
                Id = CheckOf(registration.Id),
                Name = "cluster agent",
                Ttl = TimeToLive,
                InitialStatus = registration.IsPassing ? CheckStatus.Passing : CheckStatus.Critical,
            },
        ],
    };
}
