// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Shared.Tests.Hosting.Security;

/// <summary>Real handshakes over loopback: the options do what the validators say.</summary>
public sealed class ClusterTlsTests : IDisposable
{
    private const string Cluster = "c1";
    private readonly ClusterCertificateAuthority _authority = ClusterCertificateAuthority.Create(Cluster, TimeProvider.System);
    private readonly PeerValidator _validator;
    private readonly CertificateHolder _manager;

    public ClusterTlsTests()
    {
        _validator = new PeerValidator(Cluster, () => _authority.Trust, TimeProvider.System);
        _manager = new CertificateHolder(Issue(_authority, PeerRole.Manager));
    }

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Manager_is_accepted_under_any_name_and_sees_the_client()
    {
        var node = new CertificateHolder(Issue(_authority, PeerRole.Node));
        var options = ClusterTls.ClientOptions("198.51.100.7", node, _validator, SslApplicationProtocol.Http2);
        var seen = await ShakeHandsAsync(_manager, options);
        Assert.Equal(PeerRole.Node, _validator.JudgeClient(seen).Identity!.Role);
    }

    [Fact]
    public async Task Anonymous_client_is_let_in() =>
        Assert.Null(await ShakeHandsAsync(_manager, ClusterTls.ClientOptions("x", null, _validator, SslApplicationProtocol.Http2)));

    [Fact]
    public async Task Bootstrap_connection_accepts_a_server_it_does_not_know()
    {
        using var other = ClusterCertificateAuthority.Create(Cluster, TimeProvider.System);
        Assert.Null(await ShakeHandsAsync(new CertificateHolder(Issue(other, PeerRole.Manager)), ClusterTls.BootstrapOptions("x")));
    }

    [Fact]
    public async Task Server_of_another_authority_is_refused_by_the_client()
    {
        using var other = ClusterCertificateAuthority.Create(Cluster, TimeProvider.System);
        var stranger = new CertificateHolder(Issue(other, PeerRole.Manager));
        var options = ClusterTls.ClientOptions("x", null, _validator, SslApplicationProtocol.Http2);
        Assert.IsType<AuthenticationException>((await TryShakeHandsAsync(stranger, options)).ClientFailure);
    }

    [Fact]
    public async Task Client_of_another_authority_is_refused_by_the_server()
    {
        using var other = ClusterCertificateAuthority.Create(Cluster, TimeProvider.System);
        var stranger = new CertificateHolder(Issue(other, PeerRole.Node));
        var options = ClusterTls.ClientOptions("x", stranger, _validator, SslApplicationProtocol.Http2);
        Assert.IsType<AuthenticationException>((await TryShakeHandsAsync(_manager, options)).ServerFailure);
    }

    [Fact]
    public async Task Replaced_certificate_is_shown_by_the_next_handshake()
    {
        var node = new CertificateHolder(Issue(_authority, PeerRole.Node));
        var options = ClusterTls.ClientOptions("x", node, _validator, SslApplicationProtocol.Http2);
        var first = await ShakeHandsAsync(_manager, options);
        node.Replace(Issue(_authority, PeerRole.Node));
        var second = await ShakeHandsAsync(_manager, options);
        Assert.NotEqual(first!.Thumbprint, second!.Thumbprint);
        Assert.Equal(node.Current.Thumbprint, second.Thumbprint);
    }

    private static CertificateWithKey Issue(ClusterCertificateAuthority authority, PeerRole role) =>
        authority.IssueWithKey(new PeerIdentity(role, "id-1", Cluster), []);

    /// <summary>The client's certificate as the server saw it.</summary>
    private async Task<X509Certificate2?> ShakeHandsAsync(CertificateHolder server, SslClientAuthenticationOptions clientOptions)
    {
        var outcome = await TryShakeHandsAsync(server, clientOptions);
        Assert.Null(outcome.ServerFailure);
        Assert.Null(outcome.ClientFailure);
        return outcome.Seen;
    }

    private async Task<Outcome> TryShakeHandsAsync(CertificateHolder server, SslClientAuthenticationOptions clientOptions)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync(limit.Token);
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, limit.Token);
        using var accepted = await accepting;
        await using var clientStream = new SslStream(client.GetStream());
        await using var serverStream = new SslStream(accepted.GetStream());
        var serverOptions = ClusterTls.ServerOptions(server, _validator, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);

        var serving = FailureOfAsync(serverStream, ServeAsync(serverStream, serverOptions, limit.Token));
        var dialling = FailureOfAsync(clientStream, DialAsync(clientStream, clientOptions, limit.Token));
        Exception? serverFailure = await serving, clientFailure = await dialling;
        var seen = serverFailure is null ? serverStream.RemoteCertificate as X509Certificate2 : null;
        return new Outcome(serverFailure, clientFailure, seen);
    }

    private static async Task ServeAsync(SslStream stream, SslServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        await stream.AuthenticateAsServerAsync(options, cancellationToken);
        await stream.WriteAsync(new byte[] { 1 }, cancellationToken);
    }

    private static async Task DialAsync(SslStream stream, SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        await stream.AuthenticateAsClientAsync(options, cancellationToken);
        // In TLS 1.3 the client learns of a refusal only when it reads.
        Assert.Equal(1, await stream.ReadAsync(new byte[1], cancellationToken));
    }

    // The side that refuses hangs up, so that the other does not wait.
    private static async Task<Exception?> FailureOfAsync(SslStream stream, Task side)
    {
        try
        {
            await side;
            return null;
        }
        catch (Exception e)
        {
            stream.Close();
            return e;
        }
    }

    private sealed record Outcome(Exception? ServerFailure, Exception? ClientFailure, X509Certificate2? Seen);
}
