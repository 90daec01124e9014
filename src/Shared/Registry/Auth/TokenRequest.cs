// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;

namespace ClusterManager.Registry;

/// <summary>
/// A request to the token service that a registry names. With an identity token it is OAuth 2's form by POST, else a GET, with the name
/// and the password when there are some: an anonymous token is enough for public images.
/// </summary>
internal sealed class TokenRequest
{
    private const string Client = "cluster-manager";
    private readonly RegistryCredential? _credential;
    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>Reads the challenge.</summary>
    /// <exception cref="RegistryException">
    /// It names no token service, or one that is to be reached without encryption though the registry is not: a password is not sent there.
    /// </exception>
    public TokenRequest(RegistryHost host, string repository, AuthChallenge challenge, RegistryCredential? credential)
    {
        _credential = credential;
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("https" or "http"))
            throw host.Protocol("its token service has no usable address");
        if (realm.Scheme == "http" && !host.IsPlain)
            throw host.Protocol("its token service is to be reached without TLS; that is not done");
        if (realm.UserInfo.Length > 0) throw host.Protocol("its token service's address holds a name or a password");
        Realm = realm;
        if (challenge["service"] is { Length: > 0 } service) _fields.Add(new("service", service));
        _fields.Add(new("scope", challenge["scope"] is { Length: > 0 } scope ? scope : ScopeOf(repository)));
    }

    /// <summary>The token service.</summary>
    public Uri Realm { get; }

    /// <summary>What must not stand in any text; empty: nothing.</summary>
    public IEnumerable<string> Secrets => _credential is null ? []
        : [_credential.Password, _credential.IdentityToken ?? "", Authorizer.BasicOf(_credential)];

    /// <summary>The right to read one repository.</summary>
    public static string ScopeOf(string repository) => $"repository:{repository}:pull";

    /// <summary>The message.</summary>
    public HttpRequestMessage ToMessage()
    {
        if (_credential?.IdentityToken is { Length: > 0 } identity)
        {
            KeyValuePair<string, string>[] form =
                [new("grant_type", "refresh_token"), new("refresh_token", identity), new("client_id", Client), .. _fields];
            return new HttpRequestMessage(HttpMethod.Post, Realm) { Content = new FormUrlEncodedContent(form) };
        }

        var hasPassword = _credential is { Username.Length: > 0 };
        IEnumerable<KeyValuePair<string, string>> fields = hasPassword ? [.. _fields, new("account", _credential!.Username)] : _fields;
        var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        var address = new UriBuilder(Realm) { Query = Realm.Query.Length > 1 ? $"{Realm.Query[1..]}&{query}" : query };
        var message = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        if (hasPassword) message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Authorizer.BasicOf(_credential!));
        return message;
    }
}
