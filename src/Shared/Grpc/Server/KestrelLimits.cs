// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ClusterManager.Grpc.Server;

/// <summary>
/// Lifts the limits of Kestrel that are meant for uploads of pages and kill streams: a stream may be quiet for hours and carry gigabytes
/// over its life. Messages have their own limit, and HTTP/2 pings find dead clients.
/// </summary>
internal static class KestrelLimits
{
    public static void Lift(HttpContext http)
    {
        // 30 MB by default, counted over the whole stream: without this a long stream dies with RST_STREAM INTERNAL_ERROR.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
            bodySize.MaxRequestBodySize = null;
        // 240 bytes/s after 5 s by default: without this a quiet stream dies within 15 s.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
            requestRate.MinDataRate = null;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
            responseRate.MinDataRate = null;
    }
}
