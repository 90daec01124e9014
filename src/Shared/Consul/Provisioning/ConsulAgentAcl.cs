// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>An agent's tokens. Secrets: the file they are written to must be readable by Consul alone.</summary>
/// <param name="InitialManagementToken">
/// On the first server, the secret of the management token that it creates at its first start; null elsewhere.
/// </param>
/// <param name="AgentToken">
/// The secret the agent acts with itself. A client must have it from its first start: the servers sign its certificate only for it.
/// Null on a server when it is set later by <see cref="ConsulAgent.SetTokenAsync"/>, which the agent remembers.
/// </param>
public sealed record ConsulAgentAcl(string? InitialManagementToken = null, string? AgentToken = null)
{
    /// <summary>Says which tokens are there, not what they are.</summary>
    public override string ToString() => $"initial management: {InitialManagementToken is not null}, agent: {AgentToken is not null}";
}
