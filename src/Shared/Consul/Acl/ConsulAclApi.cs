// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Policies and tokens. Every call but <see cref="BootstrapAsync"/> needs a token with <c>acl</c> rights.</summary>
public sealed class ConsulAclApi
{
    private readonly ConsulTransport _transport;

    internal ConsulAclApi(ConsulTransport transport) => _transport = transport;

    /// <summary>Makes the first management token; possible once in the life of a cluster.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The token, or null when there has been one already.</returns>
    public async Task<AclToken?> BootstrapAsync(CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Put("/v1/acl/bootstrap"), cancellation);
        if (reply.Status == 403 && reply.ErrorText.Contains("bootstrap", StringComparison.OrdinalIgnoreCase))
            return null;
        return reply.IsSuccess ? reply.Read(ConsulJson.Default.AclToken) : throw reply.ToException();
    }

    /// <summary>Lists all policies, without their rules.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<AclPolicy>> ListPoliciesAsync(CancellationToken cancellation) =>
        await _transport.CallAsync(
            ConsulRequest.Get("/v1/acl/policies", "", ReadOptions.Consistent), ConsulJson.Default.ListAclPolicy, cancellation);

    /// <summary>Reads a policy with its rules.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<AclPolicy> GetPolicyAsync(string id, CancellationToken cancellation) =>
        _transport.CallAsync(
            ConsulRequest.Get($"/v1/acl/policy/{ConsulPath.Encode(id)}", "", ReadOptions.Consistent),
            ConsulJson.Default.AclPolicy, cancellation);

    /// <summary>Creates a policy, or changes the one whose id is given.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The policy with its id.</returns>
    public Task<AclPolicy> PutPolicyAsync(AclPolicy policy, CancellationToken cancellation)
    {
        var path = policy.Id is { } id ? $"/v1/acl/policy/{ConsulPath.Encode(id)}" : "/v1/acl/policy";
        var call = ConsulRequest.Put(path, policy, ConsulJson.Default.AclPolicy);
        return _transport.CallAsync(call, ConsulJson.Default.AclPolicy, cancellation);
    }

    /// <summary>Deletes a policy; tokens lose what it gave.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DeletePolicyAsync(string id, CancellationToken cancellation) =>
        await _transport.CallAsync(ConsulRequest.Delete($"/v1/acl/policy/{ConsulPath.Encode(id)}"), cancellation);

    /// <summary>Creates a token.</summary>
    /// <param name="token">Its policies; accessor and secret may be chosen or left to Consul.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The token with both ids.</returns>
    public Task<AclToken> CreateTokenAsync(AclToken token, CancellationToken cancellation) =>
        _transport.CallAsync(
            ConsulRequest.Put("/v1/acl/token", token, ConsulJson.Default.AclToken), ConsulJson.Default.AclToken, cancellation);

    /// <summary>Changes the token whose accessor is given.</summary>
    /// <param name="token">The whole token; policies that it does not name are taken away.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">It has no accessor.</exception>
    public Task<AclToken> UpdateTokenAsync(AclToken token, CancellationToken cancellation)
    {
        var accessor = token.AccessorId ?? throw new ArgumentException("A token is changed by its accessor", nameof(token));
        var call = ConsulRequest.Put($"/v1/acl/token/{ConsulPath.Encode(accessor)}", token, ConsulJson.Default.AclToken);
        return _transport.CallAsync(call, ConsulJson.Default.AclToken, cancellation);
    }

    /// <summary>Reads a token; null when there is none with that accessor.</summary>
    /// <param name="accessorId">Its accessor.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<AclToken?> GetTokenAsync(string accessorId, CancellationToken cancellation)
    {
        var path = $"/v1/acl/token/{ConsulPath.Encode(accessorId)}";
        var reply = await _transport.SendAsync(ConsulRequest.Get(path, "", ReadOptions.Consistent), cancellation);
        // Consul answers 403 "ACL not found" or 404, by version, for an accessor that does not exist.
        if (reply.IsNotFound || (reply.Status == 403 && reply.ErrorText.Contains("ACL not found", StringComparison.Ordinal)))
            return null;
        return reply.IsSuccess ? reply.Read(ConsulJson.Default.AclToken) : throw reply.ToException();
    }

    /// <summary>Reads the token that the client sends.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task<AclToken> GetOwnTokenAsync(CancellationToken cancellation) =>
        _transport.CallAsync(
            ConsulRequest.Get("/v1/acl/token/self", "", ReadOptions.Default), ConsulJson.Default.AclToken, cancellation);

    /// <summary>Lists all tokens; later versions leave the secrets out.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<AclToken>> ListTokensAsync(CancellationToken cancellation) =>
        await _transport.CallAsync(
            ConsulRequest.Get("/v1/acl/tokens", "", ReadOptions.Consistent), ConsulJson.Default.ListAclToken, cancellation);

    /// <summary>Deletes a token: it is worth nothing from then on. Does nothing when there is none.</summary>
    /// <param name="accessorId">Its accessor.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DeleteTokenAsync(string accessorId, CancellationToken cancellation)
    {
        var reply = await _transport.SendAsync(ConsulRequest.Delete($"/v1/acl/token/{ConsulPath.Encode(accessorId)}"), cancellation);
        if (!reply.IsSuccess && !reply.IsNotFound)
            throw reply.ToException();
    }
}
