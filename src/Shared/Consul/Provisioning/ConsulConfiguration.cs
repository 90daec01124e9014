// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterManager.Consul.Provisioning;

/// <summary>Writes the configuration of a Consul agent. Pure. docs/consul.md says why each setting is what it is.</summary>
public static class ConsulConfiguration
{
    // Renamed keys: acl.tokens.master became initial_management, and the TLS keys moved into tls{}.
    private static readonly ConsulVersion InitialManagementSince = new(1, 11, 0);
    private static readonly ConsulVersion TlsStanzaSince = new(1, 12, 0);

    // A port that exists from then on, and that servers open unless told not to; older versions refuse the unknown key.
    private static readonly ConsulVersion GrpcTlsPortSince = new(1, 14, 0);

    /// <summary>Returns the configuration as JSON text, in the words of the given version. It can hold secrets.</summary>
    /// <param name="agent">What is particular to this agent.</param>
    /// <param name="version">The version that will read it.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static string ToJson(ConsulAgentOptions agent, ConsulVersion version)
    {
        ArgumentNullException.ThrowIfNull(agent);
        Validate(agent);
        var json = CreateCommon(agent, version);
        if (agent.IsServer)
            AddServer(json, agent);
        if (agent.RetryJoin.Length > 0)
            AddJoin(json, agent);
        if (agent.GossipKey is { } key)
            AddGossipEncryption(json, key);
        if (agent.Tls is { } tls)
            AddTls(json, agent, tls, version);
        if (agent.Acl is { } acl)
            json["acl"] = CreateAcl(acl, version);
        return Format(json);
    }

    private static void Validate(ConsulAgentOptions agent)
    {
        if (agent.BootstrapExpect is not null && !agent.IsServer)
            throw new ArgumentException("Only servers take part in the first election", nameof(agent));
        if (agent.IsServer && agent.Tls is ({ CertificateFile: null } or { KeyFile: null }))
            throw new ArgumentException("A server needs a certificate and a key of its own", nameof(agent));
        // Its API opens only once it has a certificate, and the servers give it one only for this token: it cannot be set later.
        if (!agent.IsServer && agent is { Tls: not null, Acl.AgentToken: null, Acl: not null })
            throw new ArgumentException("A client needs its token before its first start", nameof(agent));
        if (agent.DnsAddresses.IsEmpty)
            throw new ArgumentException("DNS must answer somewhere", nameof(agent));
        if (agent.Acl?.InitialManagementToken is not null && !agent.IsServer)
            throw new ArgumentException("Only a server creates the management token", nameof(agent));
    }

    private static JsonObject CreateCommon(ConsulAgentOptions agent, ConsulVersion version)
    {
        var json = new JsonObject
        {
            ["datacenter"] = agent.Datacenter,
            ["node_name"] = agent.NodeName,
            ["data_dir"] = agent.DataDirectory,
            ["server"] = agent.IsServer,
            ["bind_addr"] = agent.BindAddress,
            ["client_addr"] = "127.0.0.1",
            ["addresses"] = new JsonObject { ["http"] = "127.0.0.1", ["dns"] = string.Join(' ', agent.DnsAddresses) },
            ["ports"] = CreatePorts(agent, version),
            ["log_level"] = agent.LogLevel,
            ["performance"] = new JsonObject { ["raft_multiplier"] = 1 },
            ["gossip_lan"] = new JsonObject { ["probe_interval"] = "500ms", ["probe_timeout"] = "250ms", ["suspicion_mult"] = 3 },
            ["dns_config"] = CreateDns(),
            ["leave_on_terminate"] = false,
            ["skip_leave_on_interrupt"] = true,
            ["disable_update_check"] = true,
        };
        if (agent.AdvertiseAddress is { } advertise)
            json["advertise_addr"] = advertise;
        if (agent.Recursors.Length > 0)
            json["recursors"] = ToArray(agent.Recursors);
        return json;
    }

    private static JsonObject CreatePorts(ConsulAgentOptions agent, ConsulVersion version)
    {
        var ports = new JsonObject
        {
            ["dns"] = agent.Ports.Dns,
            ["http"] = agent.Ports.Http,
            ["https"] = -1,
            ["grpc"] = -1,
            ["serf_lan"] = agent.Ports.SerfLan,
            ["serf_wan"] = -1,
            ["server"] = agent.Ports.Server,
        };
        if (version >= GrpcTlsPortSince)
            ports["grpc_tls"] = -1;
        return ports;
    }

    private static JsonObject CreateDns() => new()
    {
        ["use_cache"] = true,
        ["allow_stale"] = true,
        ["udp_answer_limit"] = 8,
        ["enable_truncate"] = true,
    };

    private static void AddServer(JsonObject json, ConsulAgentOptions agent)
    {
        if (agent.BootstrapExpect is { } expect)
            json["bootstrap_expect"] = expect;
        // A server that joins votes after this time; with the default of 10 s a new cluster has one vote for longer than people wait.
        json["autopilot"] = new JsonObject { ["cleanup_dead_servers"] = false, ["server_stabilization_time"] = "2s" };
        // The certificates that auto_encrypt hands out come from the built-in CA of this feature.
        json["connect"] = new JsonObject { ["enabled"] = true };
    }

    private static void AddJoin(JsonObject json, ConsulAgentOptions agent)
    {
        json["retry_join"] = ToArray(agent.RetryJoin);
        // The default of 30 s makes a machine that boots before its servers look dead.
        json["retry_interval"] = "1s";
    }

    private static void AddGossipEncryption(JsonObject json, string key)
    {
        json["encrypt"] = key;
        json["encrypt_verify_incoming"] = true;
        json["encrypt_verify_outgoing"] = true;
    }

    private static void AddTls(JsonObject json, ConsulAgentOptions agent, ConsulAgentTls tls, ConsulVersion version)
    {
        json["auto_encrypt"] = new JsonObject { [agent.IsServer ? "allow_tls" : "tls"] = true };
        var files = new JsonObject { ["ca_file"] = tls.CaFile };
        if (agent.IsServer)
        {
            files["cert_file"] = tls.CertificateFile;
            files["key_file"] = tls.KeyFile;
        }

        files["verify_outgoing"] = true;
        if (version >= TlsStanzaSince)
        {
            json["tls"] = new JsonObject
            {
                ["defaults"] = files,
                ["internal_rpc"] = new JsonObject { ["verify_incoming"] = true, ["verify_server_hostname"] = true },
            };
            return;
        }

        foreach (var (name, value) in files)
            json[name] = value?.DeepClone();
        json["verify_incoming_rpc"] = true;
        json["verify_server_hostname"] = true;
    }

    private static JsonObject CreateAcl(ConsulAgentAcl acl, ConsulVersion version)
    {
        var json = new JsonObject
        {
            ["enabled"] = true,
            ["default_policy"] = "deny",
            ["down_policy"] = "extend-cache",
            ["enable_token_persistence"] = true,
        };
        var tokens = new JsonObject();
        if (acl.InitialManagementToken is { } management)
            tokens[version >= InitialManagementSince ? "initial_management" : "master"] = management;
        if (acl.AgentToken is { } token)
            tokens["agent"] = token;
        if (tokens.Count > 0)
            json["tokens"] = tokens;
        return json;
    }

    private static JsonArray ToArray(IEnumerable<string> values) =>
        new(values.Select(value => (JsonNode?)JsonValue.Create(value)).ToArray());

    private static string Format(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
            json.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }
}
