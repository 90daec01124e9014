// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Join tokens. The secret leaves once, in the answer to its creation.</summary>
internal sealed class TokenApiService(Forwarder forwarder, Func<TrustBundle> trust, TimeProvider time) : V1.TokenApi.TokenApiBase
{
    private static readonly TimeSpan DefaultLife = TimeSpan.FromHours(24);
    private const int DefaultUses = 10;

    public override Task<V1.CreateTokenResponse> Create(V1.CreateTokenRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            var (life, uses) = Check(request);
            var token = JoinToken.Create(PublicKeyPin.Of(trust().Roots[0]));
            var now = time.GetUtcNow();
            var record = new TokenRecord
            {
                Id = token.TokenId, SecretHash = Encoding.ASCII.GetBytes(TokenSecretHash.Of(token.Secret).ToString()),
                IsManager = request.Manager,
                ExpiresAt = now + life, UsesLeft = uses, CreatedBy = origin.Actor, CreatedAt = now,
            };
            var outcomes =
                await Mutations.SubmitAsync(term, ticket => new ClusterEvent.CreateToken(ticket, origin, record),
                context.CancellationToken);
            // The first answer was lost: that token's secret is gone with it, and a retry must not show another one's.
            if (outcomes.Any(one => one.Text.Length > 0 && one.Text != record.Id))
                throw ApiErrors.Unavailable("the token was made, but its answer was lost: revoke it and make another");
            return new V1.CreateTokenResponse { Token = token.Reveal(), Status = Status(record) };
        },
        (invoker, options) => new V1.TokenApi.TokenApiClient(invoker).CreateAsync(request, options));

    public override Task<V1.TokenList> List(V1.ListTokensRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term =>
        {
            var list = new V1.TokenList();
            list.Tokens.AddRange(term.Engine.Snapshots.Current.Tokens.Values.Select(Status));
            return Task.FromResult(list);
        },
        (invoker, options) => new V1.TokenApi.TokenApiClient(invoker).ListAsync(request, options));

    public override Task<V1.RevokeTokenResponse> Revoke(V1.RevokeTokenRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        async term =>
        {
            var origin = Mutations.Origin(context, request.RequestId);
            await Mutations.SubmitAsync(term, ticket => new ClusterEvent.RevokeToken(ticket, origin, request.Id),
                context.CancellationToken);
            return new V1.RevokeTokenResponse();
        },
        (invoker, options) => new V1.TokenApi.TokenApiClient(invoker).RevokeAsync(request, options));

    private static (TimeSpan Life, int Uses) Check(V1.CreateTokenRequest request)
    {
        var life = request.ValidMs == 0 ? DefaultLife : TimeSpan.FromMilliseconds(Math.Clamp(request.ValidMs, -1, 100L * 24 * 3600 * 1000));
        var uses = request.Uses == 0 ? DefaultUses : request.Uses;
        if (life < TimeSpan.FromSeconds(1) || life > TimeSpan.FromDays(30))
            throw ApiErrors.Invalid("valid", Text.Duration(life), "1s to 30d");
        if (uses is < 1 or > 1000) throw ApiErrors.Invalid("uses", $"{uses}", "1 to 1000");
        return (life, uses);
    }

    private static V1.TokenStatus Status(TokenRecord token) => new()
    {
        Id = token.Id, Manager = token.IsManager, ExpiresUnixMs = token.ExpiresAt.ToUnixTimeMilliseconds(), UsesLeft = token.UsesLeft,
        CreatedBy = token.CreatedBy, CreatedUnixMs = token.CreatedAt.ToUnixTimeMilliseconds(), Revoked = token.IsRevoked,
    };
}
