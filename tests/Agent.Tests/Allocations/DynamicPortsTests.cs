// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Agent.Tests.Allocations;

public sealed class DynamicPortsTests
{
    private static readonly HashSet<int> Nobody = [];

    [Fact]
    public void A_port_is_kept_over_attempts()
    {
        var (ports, first) = Take(new DynamicPorts(20000, 20009), Make.Id(1));
        Assert.Equal(first, Take(ports, Make.Id(1)).Port);
    }

    [Fact]
    public void A_released_port_rests_for_a_minute()
    {
        var (ports, port) = Take(new DynamicPorts(20000, 20000), Make.Id(1));
        var released = ports.Release(Make.Id(1), TimeSpan.FromSeconds(10));
        Assert.Null(released.Take(Make.Id(2), 80, PortProtocol.Tcp, Nobody, TimeSpan.FromSeconds(69)).Port);
        Assert.Equal(port, released.Take(Make.Id(2), 80, PortProtocol.Tcp, Nobody, TimeSpan.FromSeconds(70)).Port);
    }

    [Fact]
    public void Ports_on_which_the_host_listens_are_skipped() =>
        Assert.Equal(20002, new DynamicPorts(20000, 20009).Take(Make.Id(1), 80, PortProtocol.Tcp, new HashSet<int> { 20000, 20001 },
            default).Port);

    [Fact]
    public void A_port_found_at_a_container_is_not_given_to_another()
    {
        var ports = new DynamicPorts(20000, 20001).Adopt(Make.Id(1), new HostPort(80, 20000, PortProtocol.Tcp));
        Assert.Equal(20001, Take(ports, Make.Id(2)).Port);
        Assert.Equal(20000, Take(ports, Make.Id(1)).Port);
    }

    [Fact]
    public void A_port_outside_the_range_is_nobodys_business()
    {
        var ports = new DynamicPorts(20000, 20001).Adopt(Make.Id(1), new HostPort(80, 8080, PortProtocol.Tcp));
        Assert.Empty(ports.Holds);
    }

    [Fact]
    public void A_range_that_is_used_up_gives_none()
    {
        var (ports, _) = Take(new DynamicPorts(20000, 20000), Make.Id(1));
        Assert.Null(Take(ports, Make.Id(2)).Port);
    }

    [Fact]
    public void No_port_ever_has_two_owners_and_none_comes_back_before_its_rest() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, bool, byte)[]>(), steps =>
        {
            var ports = new DynamicPorts(20000, 20007);
            var now = TimeSpan.Zero;
            var held = new Dictionary<int, AllocationId>();
            var ended = new Dictionary<int, TimeSpan>();
            foreach (var (draw, takes, seconds) in steps)
            {
                now += TimeSpan.FromSeconds(seconds % 40);
                var id = Make.Id((draw % 6) + 1);
                if (takes)
                {
                    (ports, var port) = ports.Take(id, 80, PortProtocol.Tcp, Nobody, now);
                    if (port is not { } given) continue;
                    if (held.TryGetValue(given, out var owner) && owner != id) return false;
                    if (!held.ContainsKey(given) && ended.TryGetValue(given, out var end) && now - end < DynamicPorts.Rest) return false;
                    held[given] = id;
                    continue;
                }
                ports = ports.Release(id, now);
                foreach (var port in held.Where(pair => pair.Value == id).Select(pair => pair.Key).ToArray())
                {
                    held.Remove(port);
                    ended[port] = now;
                }
            }
            return true;
        }).QuickCheckThrowOnFailure();

    private static (DynamicPorts Ports, int? Port) Take(DynamicPorts ports, AllocationId id) =>
        ports.Take(id, 80, PortProtocol.Tcp, Nobody, TimeSpan.Zero);
}
