// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>
/// A channel to one server over HTTP/2. It connects on the first call and again after a loss; beyond the server's limit of streams it
/// opens further connections. Thread-safe. Disposing it cancels running calls.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly CancellationTokenSource _disposed = new();
    private readonly HttpMessageInvoker _http;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        Address = address;
        Options = options;
        _http = new HttpMessageInvoker(CreateHandler(options), disposeHandler: true);
    }

    internal Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal CancellationToken Disposed => _disposed.Token;

    /// <summary>A channel to an <c>https</c> address, or to <c>http</c> for HTTP/2 without TLS. Does not connect yet.</summary>
    /// <exception cref="ArgumentException">The address is relative, has another scheme or a path.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            throw new ArgumentException($"The address '{address}' must start with https:// or http://.", nameof(address));
        if (address.AbsolutePath != "/")
            throw new ArgumentException($"The address '{address}' must not have a path.", nameof(address));
        return new GrpcChannel(address, options ?? new GrpcChannelOptions());
    }

    /// <summary>As <see cref="ForAddress(Uri, GrpcChannelOptions)"/>.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions? options = null) => ForAddress(new Uri(address), options);

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels running calls and closes all connections. May be called again.</summary>
    public void Dispose()
    {
        _disposed.Cancel();
        _http.Dispose();
    }

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static SocketsHttpHandler CreateHandler(GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = options.InitialStreamWindowSize,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            // A proxy from the environment must not come between an agent and its manager.
            UseProxy = false,
            UseCookies = false,
        };
        if (options.SslOptions is not null)
            handler.SslOptions = options.SslOptions;
        return handler;
    }
}
