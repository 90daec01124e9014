// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>Reads what a token service answers.</summary>
internal static class TokenAnswer
{
    private const int TokenLengthMax = 16 * 1024;
    private const double SecondsWhenUnsaid = 60;
    private const double SecondsMax = 86_400;

    /// <summary>The token and how long it is good for.</summary>
    /// <exception cref="RegistryException">The service refuses, fails, or answers something else.</exception>
    public static (string Token, TimeSpan Life) Read(RegistryHost host, RegistryReply reply)
    {
        if (!reply.IsSuccess) throw reply.ToException("token service: ");
        var answer = reply.Read(RegistryJson.Default.TokenJson);
        var token = answer.Token is { Length: > 0 } first ? first : answer.AccessToken ?? "";
        // It becomes a header: nothing that could end one.
        if (token.Length is 0 or > TokenLengthMax || token.Any(c => c is <= ' ' or > '~'))
            throw host.Protocol("its token service's answer holds no usable token");
        var seconds = answer.ExpiresIn is { } said and > 0 ? Math.Min(said, SecondsMax) : SecondsWhenUnsaid;
        return (token, TimeSpan.FromSeconds(seconds));
    }
}
