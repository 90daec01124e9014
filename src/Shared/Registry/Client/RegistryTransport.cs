// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace ClusterManager.Registry;

/// <summary>
/// Sends requests with their deadline and identity, follows redirects, and turns every foreign failure into a
/// <see cref="RegistryException"/>: the one place where that happens.
/// </summary>
internal sealed class RegistryTransport(RegistryClientOptions options)
{
    private const int RedirectsMax = 3;
    private const int ErrorBytesMax = 64 * 1024;
    private const int TokenBytesMax = 64 * 1024;
    private readonly Authorizer _authorizer = new(options, new TokenCache(options.Time));

    /// <summary>Sends, identifies itself as far as asked for, and returns a successful answer.</summary>
    public async Task<RegistryReply> SendAsync(RegistryHost host, RegistryRequest request, CancellationToken cancellationToken)
    {
        var shown = _authorizer.Known(host, request.Repository);
        var reply = await FollowAsync(host, request, shown, cancellationToken);
        if (reply.Status == 401)
        {
            // Once: what is refused with a fresh token stays refused.
            shown = await _authorizer.AnswerAsync(host, request.Repository, reply, shown,
                (token, cancellation) => AskTokenAsync(host, token, cancellation), cancellationToken);
            reply = await FollowAsync(host, request, shown, cancellationToken);
        }

        return reply.IsSuccess ? reply : throw reply.ToException();
    }

    private async Task<RegistryReply> FollowAsync(
        RegistryHost host, RegistryRequest request, Authorizer.Shown? shown, CancellationToken cancellationToken)
    {
        var address = request.Address;
        for (var redirects = 0; ; redirects++)
        {
            using var message = new HttpRequestMessage(request.Method, address);
            message.Headers.TryAddWithoutValidation("Accept", request.Accept);
            // A redirect may lead to anybody's machine: there the request goes without an identity.
            if (shown is not null && IsSameOrigin(address, host.Base)) message.Headers.Authorization = shown.Header;
            var reply = await OnceAsync(host, message, options.AnswerBytesMax, SecretsOf(shown), request.Subject, cancellationToken);
            // What a stranger wants to see is not shown, nor is the token service asked that it names.
            if (reply.Status == 401 && !IsSameOrigin(address, host.Base))
                throw host.Refused("it redirects to where an identity is wanted", reply.Status);
            if (reply.Status is not (301 or 302 or 303 or 307 or 308)) return reply;
            if (redirects == RedirectsMax) throw host.Protocol("it redirects on and on", reply.Status);
            var isAddress = Uri.TryCreate(address, reply.Header("Location") ?? "", out var next);
            if (!isAddress || next!.Scheme != address.Scheme || next.UserInfo.Length > 0)
                throw host.Protocol("it redirects to where we do not follow", reply.Status);
            address = next;
        }
    }

    private async Task<RegistryReply> AskTokenAsync(RegistryHost host, TokenRequest request, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        return await OnceAsync(host, message, TokenBytesMax, [.. request.Secrets], "the token", cancellationToken);
    }

    private async Task<RegistryReply> OnceAsync(RegistryHost host, HttpRequestMessage message, int bytesMax, IReadOnlyList<string> secrets,
        string subject, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.RequestTimeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var response = await host.Invoker.SendAsync(message, linked.Token);
            var isSuccess = (int)response.StatusCode == 200;
            var body = message.Method == HttpMethod.Head ? []
                : await BoundedBody.ReadAsync(response.Content, isSuccess ? bytesMax : ErrorBytesMax, linked.Token);
            // Of a failure the status says enough.
            if (body is null && isSuccess) throw host.Protocol($"the answer is larger than {bytesMax} bytes", 200);
            return new RegistryReply(host, response, body ?? [], options.Time.GetUtcNow()) { Secrets = secrets, Subject = subject };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            throw host.Unavailable($"no answer within {options.RequestTimeout.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or FormatException or NotSupportedException)
        {
            throw ConnectionErrors.Translate(host, error);
        }
    }

    private static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Authority.Equals(other.Authority, StringComparison.OrdinalIgnoreCase);

    private static string[] SecretsOf(Authorizer.Shown? shown)
    {
        if (shown is null) return [];
        if (shown.Header.Scheme != "Basic") return [shown.Secret];
        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(shown.Secret));
        return [shown.Secret, pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..]];
    }
}
