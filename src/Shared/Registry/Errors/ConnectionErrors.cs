// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Security.Authentication;

namespace ClusterManager.Registry;

/// <summary>Translates what sockets and HTTP say into kinds. Pure.</summary>
internal static class ConnectionErrors
{
    /// <summary>The failure of a request that got no whole answer.</summary>
    public static RegistryException Translate(RegistryHost host, Exception error) => error switch
    {
        HttpRequestException { InnerException: AuthenticationException } =>
            host.Unavailable("TLS: its certificate is not trusted, or it speaks no TLS (a root of its own is set with caFile)"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            host.Protocol("the answer's headers are larger than allowed"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException
            { HttpRequestError: HttpRequestError.InvalidResponse } => host.Protocol("the answer is not HTTP"),
        // An address, of a redirect or of a token service, that passes for one and is none.
        FormatException or NotSupportedException => host.Protocol("it leads to where no request can be sent"),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => host.Unavailable("its name is not known"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            host.Unavailable($"cannot connect ({Words(error)})"),
        _ => host.Unavailable($"the connection ended before the answer ({Words(error)})"),
    };

    private static string Words(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket) return socket.SocketErrorCode.ToString();
        }

        return error switch
        {
            HttpRequestException request => request.HttpRequestError.ToString(),
            HttpIOException io => io.HttpRequestError.ToString(),
            _ => error.GetType().Name,
        };
    }
}
