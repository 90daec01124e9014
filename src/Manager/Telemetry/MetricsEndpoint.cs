// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Hosting;
using ClusterManager.Telemetry;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ClusterManager.Manager.Telemetry;

/// <summary>
/// Answers <c>GET /metrics</c>. On the API's port: to an operator's or a manager's certificate, or to the metrics token. On the plain
/// listener, which exists only when it is asked for: to everybody who reaches it, and nothing but this path.
/// </summary>
internal sealed class MetricsEndpoint(ManagerTelemetry telemetry, PeerValidator validator, AccessToken token)
{
    /// <summary>Where metrics are.</summary>
    public const string Path = "/metrics";

    /// <summary>Lets the plain listener answer nothing but metrics.</summary>
    public static Task GuardPlainAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsPlain(context) || context.Request.Path == Path) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (!IsPlain(context) && !MayRead(context))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"metrics\"";
            await context.Response.WriteAsync("metrics need an operator's certificate or the metrics token: see docs/metrics.md\n");
            return;
        }

        var format = ExpositionWriter.Choose(context.Request.Headers.Accept);
        context.Response.ContentType = ExpositionWriter.ContentType(format);
        await context.Response.WriteAsync(ExpositionWriter.Write(telemetry.Read(), format), context.RequestAborted);
    }

    private bool MayRead(HttpContext context)
    {
        var verdict = validator.JudgeClient(context.Connection.ClientCertificate);
        if (verdict is { Identity.Role: PeerRole.Operator or PeerRole.Manager, Kind: not PeerVerdictKind.Expired }) return true;
        return token.Accepts(context.Request.Headers.Authorization);
    }

    private static bool IsPlain(HttpContext context) => context.Features.Get<ITlsHandshakeFeature>() is null;
}
