// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Cli.Output.Views;

/// <summary>The shapes of <c>-o json</c>, by source generation: camel case, every key always there.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServiceView))]
[JsonSerializable(typeof(AllocationRow))]
[JsonSerializable(typeof(StackView))]
[JsonSerializable(typeof(AppliedView))]
[JsonSerializable(typeof(RevisionRow))]
[JsonSerializable(typeof(ReleaseView))]
[JsonSerializable(typeof(RolloutView))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(NodeDetailView))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(FindingView))]
[JsonSerializable(typeof(ContextView))]
[JsonSerializable(typeof(HostRoleView))]
[JsonSerializable(typeof(CheckView))]
[JsonSerializable(typeof(StrayView))]
[JsonSerializable(typeof(VersionView))]
[JsonSerializable(typeof(ImageTagView))]
[JsonSerializable(typeof(DiffView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(DriftView))]
[JsonSerializable(typeof(LoginView))]
[JsonSerializable(typeof(PinView))]
internal sealed partial class ViewJson : JsonSerializerContext;
