// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Text;

namespace ClusterManager.Registry;

/// <summary>
/// Finds out what a registry wants to see and fetches it: nothing, a name with a password, or a token of its token service. Knows what
/// worked last, so that later requests carry it from the start.
/// </summary>
internal sealed class Authorizer(RegistryClientOptions options, TokenCache tokens)
{
    private const string BasicKey = " basic";
    private static readonly TimeSpan BasicLife = TimeSpan.FromMinutes(10);

    /// <summary>What to show with the first try; null: nothing is known yet.</summary>
    public Shown? Known(RegistryHost host, string repository)
    {
        var key = KeyOf(host, repository);
        if (tokens.Find(key) is { } token) return new Shown(new AuthenticationHeaderValue("Bearer", token), key, token);
        key = host.Name + BasicKey;
        return tokens.Find(key) is { } basic ? new Shown(new AuthenticationHeaderValue("Basic", basic), key, basic) : null;
    }

    /// <summary>What the registry's refusal asks for.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="repository">What is to be read.</param>
    /// <param name="refusal">Its answer with status 401.</param>
    /// <param name="refused">What was shown, and is worth nothing any more; null: nothing was.</param>
    /// <param name="send">Sends the request to the token service.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RegistryException">There is nothing to show, or the token service refuses.</exception>
    public async Task<Shown> AnswerAsync(RegistryHost host, string repository, RegistryReply refusal, Shown? refused, SendToken send,
        CancellationToken cancellationToken)
    {
        if (refused is not null) tokens.Drop(refused.Key, refused.Secret);
        var challenges = refusal.Values("WWW-Authenticate").SelectMany(AuthChallenge.Parse).ToList();
        var credential = await host.FindCredentialAsync(options.Credentials, cancellationToken);
        if (challenges.FirstOrDefault(challenge => challenge.IsBearer) is { } bearer)
        {
            var request = new TokenRequest(host, repository, bearer, credential);
            var (token, life) = TokenAnswer.Read(host, await send(request, cancellationToken));
            var key = KeyOf(host, repository);
            tokens.Keep(key, token, life);
            return new Shown(new AuthenticationHeaderValue("Bearer", token), key, token);
        }

        if (challenges.Any(challenge => challenge.IsBasic))
        {
            if (credential is null or { Username: "", Password: "" })
                throw host.Refused("it wants a name and a password, and none is set", 401);
            var basic = BasicOf(credential);
            tokens.Keep(host.Name + BasicKey, basic, BasicLife);
            return new Shown(new AuthenticationHeaderValue("Basic", basic), host.Name + BasicKey, basic);
        }

        throw host.Refused("it asks for an identity in a way that is not understood", 401);
    }

    /// <summary>A name and a password as HTTP's Basic scheme writes them.</summary>
    public static string BasicOf(RegistryCredential credential) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}"));

    private static string KeyOf(RegistryHost host, string repository) => $"{host.Name} {TokenRequest.ScopeOf(repository)}";

    /// <summary>Sends to a token service.</summary>
    public delegate Task<RegistryReply> SendToken(TokenRequest request, CancellationToken cancellationToken);

    /// <summary>A header that was shown, and under which key it is kept.</summary>
    public sealed record Shown(AuthenticationHeaderValue Header, string Key, string Secret)
    {
        public override string ToString() => Header.Scheme;
    }
}
