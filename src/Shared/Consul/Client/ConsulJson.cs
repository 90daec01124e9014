// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>Everything that is read or written as JSON; generated at compile time, so that trimming is safe.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(List<KvEntry>))]
[JsonSerializable(typeof(List<TransactionOperationJson>))]
[JsonSerializable(typeof(TransactionReplyJson))]
[JsonSerializable(typeof(SessionCreateJson))]
[JsonSerializable(typeof(List<SessionInfo>))]
[JsonSerializable(typeof(IdJson))]
[JsonSerializable(typeof(AgentSelfJson))]
[JsonSerializable(typeof(AgentTokenJson))]
[JsonSerializable(typeof(CheckUpdateJson))]
[JsonSerializable(typeof(CheckRegisterJson))]
[JsonSerializable(typeof(ServiceRegisterJson))]
[JsonSerializable(typeof(Dictionary<string, AgentService>))]
[JsonSerializable(typeof(Dictionary<string, HealthCheck>))]
[JsonSerializable(typeof(List<AgentMember>))]
[JsonSerializable(typeof(List<CatalogNode>))]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(List<CatalogService>))]
[JsonSerializable(typeof(CatalogDeregisterJson))]
[JsonSerializable(typeof(List<ServiceHealth>))]
[JsonSerializable(typeof(List<HealthCheck>))]
[JsonSerializable(typeof(AclPolicy))]
[JsonSerializable(typeof(List<AclPolicy>))]
[JsonSerializable(typeof(AclToken))]
[JsonSerializable(typeof(List<AclToken>))]
[JsonSerializable(typeof(RaftConfigurationJson))]
[JsonSerializable(typeof(AutopilotHealth))]
[JsonSerializable(typeof(AgentSettingsJson))]
internal sealed partial class ConsulJson : JsonSerializerContext;
