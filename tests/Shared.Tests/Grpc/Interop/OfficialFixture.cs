// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos.Official;
using Grpc.Net.Client;

namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>
/// Our server on both transports, and every peer as client and as server on both; each process is started once, when a test first asks.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it by IAsyncLifetime.")]
public sealed class OfficialFixture : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = Certificates.Create("interop");
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cm-interop-");
    private readonly ConcurrentDictionary<(InteropPeer, InteropTransport), Lazy<Task<PeerProcess>>> _clients = new();
    private readonly ConcurrentDictionary<(InteropPeer, InteropTransport), Lazy<Task<PeerProcess>>> _servers = new();
    private GrpcServer _cleartext = null!;
    private GrpcServer _tls = null!;

    private string PairFile => Path.Combine(_directory.FullName, "pair.pem");

    private string RootFile => Path.Combine(_directory.FullName, "root.pem");

    public async Task InitializeAsync()
    {
        var key = _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        await File.WriteAllTextAsync(RootFile, _certificate.ExportCertificatePem() + "\n");
        await File.WriteAllTextAsync(PairFile, _certificate.ExportCertificatePem() + "\n" + key + "\n");
        _cleartext = await GrpcServer.StartAsync(TestService.BindService(new OfficialService()));
        _tls = await GrpcServer.StartTlsAsync(TestService.BindService(new OfficialService()), _certificate);
    }

    public async Task DisposeAsync()
    {
        foreach (var peer in _clients.Values.Concat(_servers.Values))
            await (await peer.Value).DisposeAsync();
        await _cleartext.DisposeAsync();
        await _tls.DisposeAsync();
        _certificate.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>The peer's client, connected to our server.</summary>
    internal Task<PeerProcess> ClientAsync(InteropPeer peer, InteropTransport transport) => _clients.GetOrAdd((peer, transport), key =>
        new(() => key.Item2 == InteropTransport.Tls
            ? PeerProcess.StartClientAsync(key.Item1, _tls.Address.Authority, $"tls={RootFile}")
            : PeerProcess.StartClientAsync(key.Item1, _cleartext.Address.Authority))).Value;

    /// <summary>Our channel to the peer's server.</summary>
    internal async Task<GrpcChannel> ConnectAsync(InteropPeer peer, InteropTransport transport)
    {
        var server = await _servers.GetOrAdd((peer, transport), key =>
            new(() => PeerProcess.StartServerAsync(key.Item1, key.Item2 == InteropTransport.Tls ? [$"tls={PairFile}"] : []))).Value;
        if (transport == InteropTransport.Cleartext)
            return GrpcChannel.ForAddress(server.Address);
        var trust = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == _certificate.GetCertHashString(),
        };
        return GrpcChannel.ForAddress($"https://127.0.0.1:{server.Port}", new GrpcChannelOptions { SslOptions = trust });
    }

    /// <summary>What our servers logged at warning and above.</summary>
    internal IEnumerable<string> Logs => _cleartext.Logs.Lines.Concat(_tls.Logs.Lines);
}
