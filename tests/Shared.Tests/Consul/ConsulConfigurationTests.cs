// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Shared.Tests.Consul;

public sealed class ConsulConfigurationTests
{
    private static readonly ConsulVersion V18 = new(1, 8, 7);
    private static readonly ConsulVersion V111 = new(1, 11, 4);
    private static readonly ConsulVersion V112 = new(1, 12, 0);
    private static readonly ConsulVersion V120 = new(1, 20, 1);

    private static readonly ConsulAgentOptions Server = new()
    {
        NodeName = "n1",
        DataDirectory = "/var/lib/cm/consul",
        IsServer = true,
        BootstrapExpect = 1,
        BindAddress = "192.0.2.1",
        AdvertiseAddress = "198.51.100.1",
        GossipKey = "gossip",
        Tls = new ConsulAgentTls("/ca.pem", "/cert.pem", "/key.pem"),
        Acl = new ConsulAgentAcl("management", "agent"),
        DnsAddresses = ["127.0.0.1", "172.18.0.1"],
        Recursors = ["192.0.2.53"],
    };

    private static readonly ConsulAgentOptions Client = new()
    {
        NodeName = "n2",
        DataDirectory = "/var/lib/cm/consul",
        RetryJoin = ["192.0.2.1", "192.0.2.2:8301"],
        GossipKey = "gossip",
        Tls = new ConsulAgentTls("/ca.pem"),
        Acl = new ConsulAgentAcl(AgentToken: "agent"),
    };

    [Fact]
    public void A_server_of_1_8_is_written_in_its_words() => AssertJson(
        """
        {
          "datacenter": "dc1", "node_name": "n1", "data_dir": "/var/lib/cm/consul", "server": true,
          "bind_addr": "192.0.2.1", "client_addr": "127.0.0.1", "advertise_addr": "198.51.100.1",
          "addresses": { "http": "127.0.0.1", "dns": "127.0.0.1 172.18.0.1" },
          "ports": { "dns": 8600, "http": 8500, "https": -1, "grpc": -1, "serf_lan": 8301, "serf_wan": -1, "server": 8300 },
          "log_level": "info",
          "performance": { "raft_multiplier": 1 },
          "gossip_lan": { "probe_interval": "500ms", "probe_timeout": "250ms", "suspicion_mult": 3 },
          "dns_config": { "use_cache": true, "allow_stale": true, "udp_answer_limit": 8, "enable_truncate": true },
          "leave_on_terminate": false, "skip_leave_on_interrupt": true, "disable_update_check": true,
          "recursors": ["192.0.2.53"],
          "bootstrap_expect": 1,
          "autopilot": { "cleanup_dead_servers": false, "server_stabilization_time": "2s" },
          "connect": { "enabled": true },
          "encrypt": "gossip", "encrypt_verify_incoming": true, "encrypt_verify_outgoing": true,
          "auto_encrypt": { "allow_tls": true },
          "ca_file": "/ca.pem", "cert_file": "/cert.pem", "key_file": "/key.pem",
          "verify_outgoing": true, "verify_incoming_rpc": true, "verify_server_hostname": true,
          "acl": {
            "enabled": true, "default_policy": "deny", "down_policy": "extend-cache", "enable_token_persistence": true,
            "tokens": { "master": "management", "agent": "agent" }
          }
        }
        """,
        ConsulConfiguration.ToJson(Server, V18));

    [Fact]
    public void A_client_of_1_8_gets_its_certificate_from_the_servers() => AssertJson(
        """
        {
          "datacenter": "dc1", "node_name": "n2", "data_dir": "/var/lib/cm/consul", "server": false,
          "bind_addr": "0.0.0.0", "client_addr": "127.0.0.1",
          "addresses": { "http": "127.0.0.1", "dns": "127.0.0.1" },
          "ports": { "dns": 8600, "http": 8500, "https": -1, "grpc": -1, "serf_lan": 8301, "serf_wan": -1, "server": 8300 },
          "log_level": "info",
          "performance": { "raft_multiplier": 1 },
          "gossip_lan": { "probe_interval": "500ms", "probe_timeout": "250ms", "suspicion_mult": 3 },
          "dns_config": { "use_cache": true, "allow_stale": true, "udp_answer_limit": 8, "enable_truncate": true },
          "leave_on_terminate": false, "skip_leave_on_interrupt": true, "disable_update_check": true,
          "retry_join": ["192.0.2.1", "192.0.2.2:8301"], "retry_interval": "1s",
          "encrypt": "gossip", "encrypt_verify_incoming": true, "encrypt_verify_outgoing": true,
          "auto_encrypt": { "tls": true },
          "ca_file": "/ca.pem",
          "verify_outgoing": true, "verify_incoming_rpc": true, "verify_server_hostname": true,
          "acl": {
            "enabled": true, "default_policy": "deny", "down_policy": "extend-cache", "enable_token_persistence": true,
            "tokens": { "agent": "agent" }
          }
        }
        """,
        ConsulConfiguration.ToJson(Client, V18));

    [Fact]
    public void From_1_11_the_management_token_has_its_new_name()
    {
        var tokens = Parse(ConsulConfiguration.ToJson(Server, V111)).GetProperty("acl").GetProperty("tokens");
        Assert.Equal("management", tokens.GetProperty("initial_management").GetString());
        Assert.False(tokens.TryGetProperty("master", out _));
        Assert.Equal("/ca.pem", Parse(ConsulConfiguration.ToJson(Server, V111)).GetProperty("ca_file").GetString());
    }

    [Fact]
    public void From_1_12_certificates_stand_in_a_stanza_of_their_own()
    {
        var json = Parse(ConsulConfiguration.ToJson(Server, V112));
        AssertJson(
            """
            {
              "defaults": { "ca_file": "/ca.pem", "cert_file": "/cert.pem", "key_file": "/key.pem", "verify_outgoing": true },
              "internal_rpc": { "verify_incoming": true, "verify_server_hostname": true }
            }
            """,
            json.GetProperty("tls").GetRawText());
        string[] old = ["ca_file", "cert_file", "key_file", "verify_outgoing", "verify_incoming_rpc", "verify_server_hostname"];
        Assert.All(old, name => Assert.False(json.TryGetProperty(name, out _), name));
    }

    [Fact]
    public void A_port_is_closed_only_where_it_is_known()
    {
        Assert.False(Parse(ConsulConfiguration.ToJson(Server, V112)).GetProperty("ports").TryGetProperty("grpc_tls", out _));
        Assert.Equal(-1, Parse(ConsulConfiguration.ToJson(Server, V120)).GetProperty("ports").GetProperty("grpc_tls").GetInt32());
    }

    [Fact]
    public void A_later_server_does_not_take_part_in_the_first_election()
    {
        var json = Parse(ConsulConfiguration.ToJson(Server with { BootstrapExpect = null, Acl = new ConsulAgentAcl() }, V18));
        Assert.False(json.TryGetProperty("bootstrap_expect", out _));
        Assert.False(json.GetProperty("acl").TryGetProperty("tokens", out _));
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        ConsulAgentOptions[] wrong =
        [
            Client with { BootstrapExpect = 1 },
            Client with { Acl = new ConsulAgentAcl("management") },
            Client with { Acl = new ConsulAgentAcl() },
            Client with { DnsAddresses = [] },
            Server with { Tls = new ConsulAgentTls("/ca.pem") },
            Server with { Tls = new ConsulAgentTls("/ca.pem", "/cert.pem") },
        ];
        Assert.All(wrong, options => Assert.Throws<ArgumentException>(() => ConsulConfiguration.ToJson(options, V18)));
    }

    [Fact]
    public void Secrets_do_not_show_when_options_are_printed()
    {
        var secret = Server with { GossipKey = "canary-gossip", Acl = new ConsulAgentAcl("canary-management", "canary-agent") };
        Assert.DoesNotContain("canary", secret.ToString(), StringComparison.Ordinal);
        Assert.Contains("n1", secret.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Consul v1.8.7\nProtocol 2 spoken by default", "1.8.7")]
    [InlineData("Consul v1.15.2+ent\nRevision abc", "1.15.2")]
    [InlineData("Consul v1.22.0-rc1\n", "1.22.0")]
    [InlineData("Consul v1.9", "1.9.0")]
    public void A_version_is_read(string output, string version) => Assert.Equal(version, ConsulVersion.ParseSupported(output).ToString());

    [Theory]
    [InlineData("Consul v1.7.14\nProtocol 2", "Consul 1.8 or newer is needed; found Consul 1.7.14")]
    [InlineData("", "Consul 1.8 or newer is needed; found no version output")]
    [InlineData("bash: consul: not found", "Consul 1.8 or newer is needed; found 'bash: consul: not found'")]
    [InlineData("Consul vNext", "Consul 1.8 or newer is needed; found 'Consul vNext'")]
    public void An_unsupported_version_says_what_is_needed_and_what_was_found(string output, string message) =>
        Assert.Equal(message, Assert.Throws<UnsupportedConsulException>(() => ConsulVersion.ParseSupported(output)).Message);

    [Fact]
    public void Versions_compare_by_number()
    {
        Assert.True(new ConsulVersion(1, 10, 0) > V18);
        Assert.True(V18 < V120);
        Assert.True(V18 >= ConsulVersion.Needed);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonElement.DeepEquals(Parse(expected), Parse(actual)), actual);
}
