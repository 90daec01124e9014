// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Agent.Discovery;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Security;
using ClusterManager.Hosting.Time;
using ClusterManager.Wire.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Node;

/// <summary>
/// Renews the node's certificate at half of its life, also when it has expired meanwhile (the node's record decides), and what is renewed
/// with it:
/// a manager's certificate and a Consul server's.
/// </summary>
internal sealed partial class CertificateKeeper
{
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(10);

    // A timer of days would sleep through a clock that is set right.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);
    private static readonly Backoff Failures = new() { First = TimeSpan.FromSeconds(5), Cap = TimeSpan.FromMinutes(5) };

    private readonly ClusterPaths _paths;
    private readonly NodeIdentity _node;
    private readonly CertificateHolder _certificate;
    private readonly ManagerChannels _channels;
    private readonly CertificateUses _uses;
    private readonly ILogger<CertificateKeeper> _logger;
    private int _failures;

    /// <summary>A keeper of the certificate that the channels show.</summary>
    public CertificateKeeper(
        ClusterPaths paths, NodeIdentity node, CertificateHolder certificate, ManagerChannels channels, CertificateUses uses,
        ILogger<CertificateKeeper> logger)
    {
        _paths = paths;
        _node = node;
        _certificate = certificate;
        _channels = channels;
        _uses = uses;
        _logger = logger;
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var time = _uses.Clock.Provider;
        while (true)
        {
            var wait = RenewalSchedule.Delay(_certificate.Current, _node.Id.ToString(), time.GetUtcNow());
            if (wait > TimeSpan.Zero) await Task.Delay(wait < LookInterval ? wait : LookInterval, time, cancellationToken);
            else if (await RenewAsync(cancellationToken)) _failures = 0;
            else await Task.Delay(Failures.After(_node.Id.ToString(), ++_failures), time, cancellationToken);
        }
    }

    /// <summary>Renews now, whatever the certificate's age: a new role brings a new certificate. False: no manager did.</summary>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        using var request = new SigningRequest();
        foreach (var address in _uses.Directory.Addresses)
        {
            try
            {
                var response = await CallAsync(address, request.Pem, cancellationToken);
                return await TakeAsync(request, response, cancellationToken);
            }
            catch (RpcException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (RpcException error)
            {
                LogNotRenewed(_logger, address, error.Status.Detail);
            }
            catch (IOException error)
            {
                LogNotRenewed(_logger, address, error.Message);
            }
        }
        return false;
    }

    private async Task<RenewResponse> CallAsync(string address, string csrPem, CancellationToken cancellationToken)
    {
        using var channel = _channels.Open(address);
        var client = new Enrollment.EnrollmentClient(channel);
        var deadline = _uses.Clock.Provider.GetUtcNow().Add(CallDeadline).UtcDateTime;
        var options = new CallOptions(deadline: deadline, cancellationToken: cancellationToken);
        return await client.RenewAsync(new RenewRequest { NodeId = _node.Id.ToString(), CsrPem = csrPem }, options);
    }

    private async Task<bool> TakeAsync(SigningRequest request, RenewResponse response, CancellationToken cancellationToken)
    {
        if (request.TryComplete(response.CertificatePem) is not { } pair)
        {
            LogNotRenewed(_logger, "the leader", "the certificate in the answer is damaged or not for our key");
            return false;
        }
        await _uses.Trust.ReplaceAsync(response.CaCertificatesPem, cancellationToken);
        await pair.SaveAsync(_paths.NodeCertificate, cancellationToken);
        _certificate.Replace(pair);
        LogRenewed(_logger, pair.Certificate.NotAfter.ToUniversalTime());
        if (request.TryComplete(response.ManagerCertificatePem) is { } manager)
            await manager.SaveAsync(_paths.ManagerCertificate, cancellationToken);
        if (response.ConsulServerCertificatePem.Length > 0) await RenewConsulAsync(response.ConsulServerCertificatePem, cancellationToken);
        return true;
    }

    // Consul reads certificate and key from one file: no crash can part them.
    private async Task RenewConsulAsync(string pem, CancellationToken cancellationToken)
    {
        await AtomicFile.WriteAsync(_uses.ConsulServerCertificate, Encoding.ASCII.GetBytes(pem), FileModes.Private, cancellationToken);
        try
        {
            await _uses.ReloadConsulAsync(cancellationToken);
        }
        catch (RegistryUnavailableException error)
        {
            // It is read at Consul's next start; the old one lives for weeks more.
            LogConsulNotReloaded(_logger, error.Message);
        }
    }

    [LoggerMessage(EventIds.AgentSession + 40, LogLevel.Information, "The node's certificate is renewed, until {Until}",
        EventName = "CertificateRenewed")]
    private static partial void LogRenewed(ILogger logger, DateTime until);

    [LoggerMessage(EventIds.AgentSession + 41, LogLevel.Warning, "The node's certificate is not renewed by {Address}: {Problem}",
        EventName = "CertificateNotRenewed")]
    private static partial void LogNotRenewed(ILogger logger, string address, string problem);

    [LoggerMessage(EventIds.AgentSession + 42, LogLevel.Warning, "Consul did not read its new certificate: {Problem}",
        EventName = "ConsulNotReloaded")]
    private static partial void LogConsulNotReloaded(ILogger logger, string problem);
}
