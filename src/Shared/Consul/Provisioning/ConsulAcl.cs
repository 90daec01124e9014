// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>Brings Consul's policies and tokens to what the cluster needs. Every call can be repeated.</summary>
public sealed class ConsulAcl
{
    // Fixed by Consul: the token that a request without one counts as.
    private const string AnonymousAccessor = "00000000-0000-0000-0000-000000000002";
    private readonly ConsulAclApi _acl;

    /// <summary>Works with the rights of a client's token, which must include <c>acl = "write"</c>.</summary>
    /// <param name="client">The client.</param>
    public ConsulAcl(ConsulClient client) => _acl = client.Acl;

    /// <summary>Creates or corrects the managers' and the anonymous policy, and lets everybody read names.</summary>
    /// <param name="cancellation">Gives up; what was done stays.</param>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        await EnsurePolicyAsync(ConsulPolicies.Manager, cancellation);
        await EnsurePolicyAsync(ConsulPolicies.Anonymous, cancellation);
        await EnsureAnonymousAsync(cancellation);
    }

    /// <summary>Makes a manager's token; <see cref="EnsureAsync"/> comes first.</summary>
    /// <param name="name">Whose, for people.</param>
    /// <param name="accessorId">
    /// A GUID kept by the caller, so that a repeated call finds the token again; null makes another one each time.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The token with both ids.</returns>
    public Task<AclToken> EnsureManagerTokenAsync(string name, string? accessorId, CancellationToken cancellation) =>
        EnsureTokenAsync($"Cluster Manager: manager {name}", accessorId, ConsulPolicies.ManagerName, cancellation);

    /// <summary>Creates or corrects a node's policy and makes its token.</summary>
    /// <param name="node">The node's name in Consul.</param>
    /// <param name="accessorId">
    /// A GUID kept by the caller, so that a repeated call finds the token again; null makes another one each time.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The token with both ids.</returns>
    public async Task<AclToken> EnsureNodeTokenAsync(string node, string? accessorId, CancellationToken cancellation)
    {
        var policy = ConsulPolicies.Node(node);
        await EnsurePolicyAsync(policy, cancellation);
        return await EnsureTokenAsync($"Cluster Manager: node {node}", accessorId, policy.Name, cancellation);
    }

    /// <summary>Takes a node's token away, and its policy; does nothing when they are gone.</summary>
    /// <param name="node">The node's name in Consul.</param>
    /// <param name="accessorId">The token's accessor.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DeleteNodeAsync(string node, string accessorId, CancellationToken cancellation)
    {
        await _acl.DeleteTokenAsync(accessorId, cancellation);
        if (await FindPolicyIdAsync(ConsulPolicies.Node(node).Name, cancellation) is { } id)
            await _acl.DeletePolicyAsync(id, cancellation);
    }

    private async Task EnsurePolicyAsync(AclPolicy wanted, CancellationToken cancellation)
    {
        if (await FindPolicyIdAsync(wanted.Name, cancellation) is not { } id)
        {
            await _acl.PutPolicyAsync(wanted, cancellation);
            return;
        }

        var found = await _acl.GetPolicyAsync(id, cancellation);
        if (found.Rules != wanted.Rules || found.Description != wanted.Description)
            await _acl.PutPolicyAsync(wanted with { Id = id }, cancellation);
    }

    // By the list: reading a policy by its name is younger than the oldest version we serve.
    private async Task<string?> FindPolicyIdAsync(string name, CancellationToken cancellation) =>
        (await _acl.ListPoliciesAsync(cancellation)).FirstOrDefault(policy => policy.Name == name)?.Id;

    private async Task<AclToken> EnsureTokenAsync(string description, string? accessorId, string policy, CancellationToken cancellation)
    {
        var wanted = new AclToken { AccessorId = accessorId, Description = description, Policies = [new AclPolicyLink(policy)] };
        if (accessorId is null || await _acl.GetTokenAsync(accessorId, cancellation) is not { } found)
            return await _acl.CreateTokenAsync(wanted, cancellation);
        var isRight = found.Description == description && found.Policies.Count == 1 && found.Policies[0].Name == policy;
        return isRight ? found : await _acl.UpdateTokenAsync(wanted with { SecretId = found.SecretId }, cancellation);
    }

    private async Task EnsureAnonymousAsync(CancellationToken cancellation)
    {
        var anonymous = await _acl.GetTokenAsync(AnonymousAccessor, cancellation) ?? new AclToken { AccessorId = AnonymousAccessor };
        if (anonymous.Policies.Any(link => link.Name == ConsulPolicies.AnonymousName))
            return;
        // A Consul that was there before us may give it more: kept.
        var policies = anonymous.Policies.Append(new AclPolicyLink(ConsulPolicies.AnonymousName)).ToList();
        await _acl.UpdateTokenAsync(anonymous with { Policies = policies }, cancellation);
    }
}
