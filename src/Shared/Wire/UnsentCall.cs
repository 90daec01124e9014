// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Wire;

/// <summary>Tells a call that never left this machine from one whose answer was lost: only the former certainly changed nothing.</summary>
public static class UnsentCall
{
    /// <summary>True when no connection was made for the call.</summary>
    /// <param name="cause">What the client gave as the status's <c>DebugException</c>; null: it came over a connection.</param>
    public static bool Is(Exception? cause)
    {
        for (var e = cause; e is not null; e = e.InnerException)
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError })
                return true;
        // The time for connecting ran out.
        return cause is OperationCanceledException { InnerException: TimeoutException };
    }
}
