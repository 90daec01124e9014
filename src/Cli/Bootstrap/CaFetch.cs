// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>
/// Fetches the cluster's roots from a manager that nothing is known of, and keeps only the one that the token's pin names.
/// </summary>
internal static class CaFetch
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClockLimit = TimeSpan.FromMinutes(5);

    /// <summary>The pinned root.</summary>
    /// <exception cref="BootstrapException">
    /// No answer, or none of its roots is the pinned one, or its clock and ours are too far apart for certificates.
    /// </exception>
    public static async Task<TrustBundle> RunAsync(string address, string pin, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate($"https://{address}/v1/ca", UriKind.Absolute, out var uri))
            throw new BootstrapException(BootstrapException.BadInput, $"'{address}' is no manager's address: HOST:7443 is needed");
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Limit,
            SslOptions = ClusterTls.BootstrapOptions(uri.Host) };
        using var client = new HttpClient(handler) { Timeout = Limit, MaxResponseContentBufferSize = 256 * 1024 };
        string pem;
        try
        {
            using var answer = await client.GetAsync(uri, cancellationToken);
            answer.EnsureSuccessStatusCode();
            pem = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.Headers.Date is { } theirs) CheckClock(address, time.GetUtcNow() - theirs);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new BootstrapException(BootstrapException.NoManager,
                $"no manager answers at {address}: {Cause(error)}. Is the address right, and is port 7443 open?");
        }

        var bundle = TrustBundle.TryParse(pem, out var problem);
        if (bundle is null) throw new BootstrapException(BootstrapException.Failed, $"what answers at {address} is no manager: {problem}");
        return bundle.Only(pin) ?? throw new BootstrapException(
            BootstrapException.NotPermitted,
                $"the manager at {address} belongs to another cluster than the token (its CA has another pin): nothing was sent to it");
    }

    // Certificates are backdated by an hour; far less is still a clock that somebody must set.
    private static void CheckClock(string address, TimeSpan ahead)
    {
        if (ahead.Duration() < ClockLimit) return;
        throw new BootstrapException(BootstrapException.Failed,
            $"this machine's clock is {ahead.Duration().TotalMinutes:0} min {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} that of the "
            + $"manager at {address}: set it (timedatectl set-ntp true, or install chrony), then join again");
    }

    /// <summary>The cluster's id, which the CA's subject carries.</summary>
    public static string ClusterIdOf(this X500DistinguishedName subject) =>
        subject.EnumerateRelativeDistinguishedNames()
            .First(name => name.GetSingleElementType().Value == "2.5.4.10").GetSingleElementValue() ?? "";

    private static string Cause(Exception error) =>
        error is TaskCanceledException ? "no answer within 10 s" : (error.InnerException ?? error).Message;
}
