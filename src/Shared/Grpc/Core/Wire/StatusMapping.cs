// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace Grpc.Core.Wire;

/// <summary>The fixed tables from HTTP to gRPC, for peers that end a call without a <c>grpc-status</c>.</summary>
internal static class StatusMapping
{
    /// <summary>What an HTTP status means when no grpc-status came with it.</summary>
    public static StatusCode FromHttpStatus(int httpStatus) => (HttpStatusCode)httpStatus switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>What the error code of an RST_STREAM frame means (RFC 9113, section 7).</summary>
    public static StatusCode FromResetCode(long code) => code switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM: the server did nothing, safe to retry
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    /// <summary>The status in a <c>grpc-status</c> value; UNKNOWN for what is no number or no known code.</summary>
    public static StatusCode FromStatusHeader(string value) =>
        // Decimal, without sign, spaces or leading zeros: a peer that writes otherwise must not turn a failure into a success. Parsing
        // alone would also take NULs at the end.
        !value.AsSpan().ContainsAnyExceptInRange('0', '9') && (value.Length == 1 || (value.Length == 2 && value[0] != '0'))
        && int.Parse(value, CultureInfo.InvariantCulture) is var code and <= (int)StatusCode.Unauthenticated
            ? (StatusCode)code
            : StatusCode.Unknown;
}
