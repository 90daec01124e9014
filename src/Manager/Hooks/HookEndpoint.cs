// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Hooks;

/// <summary>
/// Answers <c>POST /hooks/images</c>: a registry says that an image was pushed. It only makes the leader look sooner, and learns nothing.
/// The token is in the header <c>Authorization: Bearer</c>, or the last part of the path for those who can set no header.
/// </summary>
internal sealed partial class HookEndpoint(AccessToken token, IHookTarget target, TimeProvider time, ILogger<HookEndpoint> log)
{
    /// <summary>Where messages go.</summary>
    public const string Path = "/hooks/images";

    /// <summary>The name of the path's last part.</summary>
    public const string TokenPart = "token";

    /// <summary>The largest message, in bytes.</summary>
    public const int BodyBytesMax = 64 * 1024;

    private const int NamesLogged = 5;
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);
    private readonly HookRate _rate = new(time);

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var (status, text) = await TakeAsync(context);
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer realm=\"hooks\"";
        if (status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "1";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private async Task<(int Status, string Text)> TakeAsync(HttpContext context)
    {
        var isKnown = context.Request.RouteValues[TokenPart] is string part
            ? token.Is(part) : token.Accepts(context.Request.Headers.Authorization);
        if (!isKnown) return (StatusCodes.Status401Unauthorized, "the hooks' token is needed: see docs/registry.md");
        if (!_rate.TryTake()) return (StatusCodes.Status429TooManyRequests, "too many messages");
        if (await ReadAsync(context) is not { } body)
            return (StatusCodes.Status413PayloadTooLarge, $"at most {BodyBytesMax} bytes, within {ReadLimit.TotalSeconds:0} s");
        if (HookBody.Read(body) is not { } news)
        {
            LogRefused(body.Length);
            return (StatusCodes.Status400BadRequest, "the message is not understood");
        }

        if (news.Count == 0) return (StatusCodes.Status202Accepted, "no news");
        try
        {
            var count = await target.LookAsync(news, context.RequestAborted);
            var names = news.Select(one => one.Tag.Length == 0 ? one.Repository : $"{one.Repository}:{one.Tag}");
            LogTaken(string.Join(", ", names.Take(NamesLogged)), count);
            return (StatusCodes.Status202Accepted, $"looking ({count})");
        }
        catch (RpcException)
        {
            return (StatusCodes.Status503ServiceUnavailable, "no manager leads at the moment");
        }
    }

    /// <summary>The whole message; null: it is too large, or does not come to its end.</summary>
    private async Task<byte[]?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > BodyBytesMax) return null;
        using var limit = new CancellationTokenSource(ReadLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, limit.Token);
        var buffer = new byte[BodyBytesMax + 1];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, linked.Token);
            return length > BodyBytesMax ? null : buffer[..length];
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return null;
        }
    }

    [LoggerMessage(EventIds.HookTaken, LogLevel.Information, "A hook says that {Images} have news: {Count} looks follow")]
    private partial void LogTaken(string images, int count);

    [LoggerMessage(EventIds.HookRefused, LogLevel.Warning, "A hook's message of {Length} bytes is not understood")]
    private partial void LogRefused(int length);
}
