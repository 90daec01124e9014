// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Security.Authentication;

namespace ClusterManager.Consul;

/// <summary>Translates HTTP statuses, Consul's words and socket errors into kinds. Pure.</summary>
internal static class ConsulErrors
{
    /// <summary>
    /// Consul has one status, 500, for many things; only its words tell a missing leader (an election, a cut-off server, a leader
    /// that died under a forwarded call) from a refusal.
    /// </summary>
    private static readonly string[] NoLeaderWords =
    [
        "No cluster leader", "No known Consul servers", "leadership lost", "leadership transfer", "not the leader", "not leader",
        "raft is already shutdown", "failed to get conn", "connection refused", "connection reset", "broken pipe", "i/o timeout",
        "stream closed", "session shutdown", "rpc error making call: EOF", "rpc error: EOF",
    ];

    public static ConsulException FromStatus(string operation, int status, string text)
    {
        var kind = status switch
        {
            401 or 403 => ConsulErrorKind.PermissionDenied,
            404 => ConsulErrorKind.NotFound,
            429 => ConsulErrorKind.Busy,
            >= 400 and < 500 => ConsulErrorKind.BadRequest,
            >= 500 when IsNoLeader(text) => ConsulErrorKind.NoLeader,
            >= 500 => ConsulErrorKind.ServerError,
            _ => ConsulErrorKind.Protocol,
        };
        return new ConsulException(kind, operation, status, text.Length == 0 ? "(no text)" : text);
    }

    public static ConsulException FromConnection(string operation, Exception error)
    {
        var (kind, text) = error switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                (ConsulErrorKind.Protocol, "the answer is larger than allowed"),
            HttpRequestException { InnerException: AuthenticationException } =>
                (ConsulErrorKind.Unreachable, "TLS: the agent's certificate is not trusted, or ours is not"),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
                (ConsulErrorKind.Unreachable, $"cannot connect ({SocketWords(error)})"),
            _ => (ConsulErrorKind.ConnectionLost, $"the connection ended before the answer ({SocketWords(error)})"),
        };
        return new ConsulException(kind, operation, null, text);
    }

    private static bool IsNoLeader(string text)
    {
        foreach (var words in NoLeaderWords)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static string SocketWords(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket)
                return socket.SocketErrorCode.ToString();
        }

        return error is HttpRequestException request ? request.HttpRequestError.ToString() : error.GetType().Name;
    }
}
