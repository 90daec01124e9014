// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Agent.Docker;

/// <summary>The engine's JSON, generated at build time: the agent is published trimmed.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineVersionDto))]
[JsonSerializable(typeof(EngineInfoDto))]
[JsonSerializable(typeof(ErrorDto))]
[JsonSerializable(typeof(EventDto))]
[JsonSerializable(typeof(ImageDto))]
[JsonSerializable(typeof(ImageListDto[]))]
[JsonSerializable(typeof(PullStepDto))]
[JsonSerializable(typeof(DistributionDto))]
[JsonSerializable(typeof(RegistryAuthDto))]
[JsonSerializable(typeof(ContainerCreateDto))]
[JsonSerializable(typeof(ContainerCreatedDto))]
[JsonSerializable(typeof(ContainerDto))]
[JsonSerializable(typeof(ContainerMakeDto))]
[JsonSerializable(typeof(ImageMakeDto))]
[JsonSerializable(typeof(ContainerListDto[]))]
[JsonSerializable(typeof(WaitDto))]
[JsonSerializable(typeof(StatsDto))]
[JsonSerializable(typeof(NetworkCreateDto))]
[JsonSerializable(typeof(NetworkCreatedDto))]
[JsonSerializable(typeof(NetworkDto))]
[JsonSerializable(typeof(NetworkDto[]))]
[JsonSerializable(typeof(VolumeCreateDto))]
[JsonSerializable(typeof(VolumeDto))]
[JsonSerializable(typeof(VolumeListDto))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class DockerJson : JsonSerializerContext;
