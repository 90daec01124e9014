// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.ZeroDowntime;

/// <summary>
/// Debian's HAProxy on a host, that finds each service by the SRV records of the host's Consul, as its documentation advises: no health
/// checks of its own, no retries but those of connections that could not be made.
/// </summary>
internal sealed class Haproxy : IAsyncDisposable
{
    private readonly Harness.Lab _lab;
    private readonly string _host;
    private readonly string _socket;
    private readonly List<(string Service, string Address)> _services;
    private readonly RunningCommand _process;

    private Haproxy(Harness.Lab lab, string host, List<(string Service, string Address)> services)
    {
        (_lab, _host, _services) = (lab, host, services);
        _socket = Path.Combine(lab.Directory, "haproxy.sock");
        var file = Path.Combine(lab.Directory, "haproxy.cfg");
        File.WriteAllText(file, Configuration());
        _process = lab.Start(host, "haproxy", "-db", "-f", file);
    }

    /// <summary>Starts one; the services need not be there yet.</summary>
    public static async Task<Haproxy> StartAsync(Harness.Lab lab, string host, IEnumerable<(string Service, string Address)> services)
    {
        var proxy = new Haproxy(lab, host, services.ToList());
        await Eventually.HoldsAsync("HAProxy tells its figures", 15, proxy.FiguresAsync, lines => lines.Count > 0);
        return proxy;
    }

    /// <summary>Waits until it leads to each service.</summary>
    public Task LeadsAsync() => Task.WhenAll(_services.Select(service => Eventually.HoldsAsync(
        $"HAProxy leads to {service.Service}", 20,
        () => _lab.RunAsync(_host, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", $"http://{service.Address}/"),
        answer => answer.Output.Trim() == "200")));

    /// <summary>Of each backend: sessions, failed connections, failed answers, retries and redispatches since the start.</summary>
    public async Task<IReadOnlyList<string>> FiguresAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket));
        }
        catch (SocketException)
        {
            return []; // not yet
        }

        await socket.SendAsync(Encoding.ASCII.GetBytes("show stat\n"));
        using var reader = new StreamReader(new NetworkStream(socket));
        var table = (await reader.ReadToEndAsync()).Split('\n').Where(line => line.Contains(',')).Select(line => line.Split(',')).ToList();
        var names = table[0];
        string Of(string[] row, string name) => row[Array.IndexOf(names, name)];
        return
        [
            .. table.Skip(1).Where(row => row[1] == "BACKEND").Select(row =>
                $"{row[0]}: {Of(row, "stot")} requests, {Of(row, "econ")} connections failed, {Of(row, "eresp")} answers failed, "
                + $"{Of(row, "wretr")} retries, {Of(row, "wredis")} redispatches"),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Interrupt();
        await _process.DisposeAsync();
    }

    private string Configuration() => $"""
        global
            stats socket {_socket}
        resolvers consul
            nameserver local 127.0.0.1:8600
            accepted_payload_size 8192
            timeout resolve 1s
            timeout retry 1s
            hold valid 1s
        defaults
            mode http
            timeout connect 2s
            timeout client 60s
            timeout server 60s
            option redispatch
        {string.Join('\n', _services.Select(Proxy))}

        """;

    private static string Proxy((string Service, string Address) at) => $"""
        frontend {at.Service}
            bind {at.Address}
            default_backend {at.Service}
        backend {at.Service}
            balance roundrobin
            server-template {at.Service} 20 _{at.Service}._tcp.service.consul resolvers consul resolve-prefer ipv4 init-addr none
        """;
}
