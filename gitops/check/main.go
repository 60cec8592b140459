// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

// What GitOps tools make of objects: for each file with one object, a line of JSON with the status that kstatus computes, which
// is what Flux waits for, and the health that the Lua script of its kind tells Argo CD, in the engine and with the
// libraries that Argo CD gives to scripts, but for its safe part of os, which is its own and not here: none of ours tells the time.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/yaml"
)

// Argo CD ends a script that takes longer.
const patience = time.Second

type answer struct {
	Kstatus        string `json:"kstatus"`
	KstatusMessage string `json:"kstatusMessage"`
	Health         string `json:"health"`
	HealthMessage  string `json:"healthMessage"`
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: check <folder with group/Kind/health.lua> <file with one object>...")
		os.Exit(2)
	}
	lines := json.NewEncoder(os.Stdout)
	for _, file := range os.Args[2:] {
		said, err := look(os.Args[1], file)
		if err == nil {
			err = lines.Encode(said)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			os.Exit(1)
		}
	}
}

func look(scripts, file string) (*answer, error) {
	object, err := read(file)
	if err != nil {
		return nil, err
	}
	seen, err := status.Compute(object)
	if err != nil {
		return nil, err
	}
	kind := object.GroupVersionKind()
	script, err := os.ReadFile(filepath.Join(scripts, kind.Group, kind.Kind, "health.lua"))
	if err != nil {
		return nil, err
	}
	health, message, err := run(string(script), object)
	if err != nil {
		return nil, err
	}
	return &answer{seen.Status.String(), seen.Message, health, message}, nil
}

func read(file string) (*unstructured.Unstructured, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	object := &unstructured.Unstructured{}
	// Whole numbers become int64, as in a cluster.
	return object, object.UnmarshalJSON(asJSON)
}

func run(script string, object *unstructured.Unstructured) (string, string, error) {
	engine := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer engine.Close()
	// No string, math or io: scripts of argocd-cm run without, unless useOpenLibs is set.
	// The engine wants them in this order.
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage},
		{lua.BaseLibName, lua.OpenBase},
		{lua.TabLibName, lua.OpenTable},
	} {
		if err := engine.CallByParam(lua.P{Fn: engine.NewFunction(library.open), Protect: true}, lua.LString(library.name)); err != nil {
			return "", "", err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	engine.SetContext(ctx)
	engine.SetGlobal("obj", value(engine, object.Object))
	if err := engine.DoString(script); err != nil {
		return "", "", err
	}
	table, ok := engine.Get(-1).(*lua.LTable)
	if !ok {
		return "", "", fmt.Errorf("the script returns a %s, and must return a table", engine.Get(-1).Type())
	}
	health := lua.LVAsString(table.RawGetString("status"))
	switch health {
	case "Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown":
	default:
		return "", "", fmt.Errorf("%q is no health of Argo CD", health)
	}
	message := table.RawGetString("message")
	if message != lua.LNil && message.Type() != lua.LTString {
		return "", "", fmt.Errorf("the message is a %s, and must be a string", message.Type())
	}
	return health, lua.LVAsString(message), nil
}

func value(engine *lua.LState, from any) lua.LValue {
	switch it := from.(type) {
	case bool:
		return lua.LBool(it)
	case string:
		return lua.LString(it)
	case int64:
		return lua.LNumber(it)
	case float64:
		return lua.LNumber(it)
	case []any:
		list := engine.NewTable()
		for _, entry := range it {
			list.Append(value(engine, entry))
		}
		return list
	case map[string]any:
		table := engine.NewTable()
		for key, entry := range it {
			table.RawSetString(key, value(engine, entry))
		}
		return table
	}
	return lua.LNil
}
